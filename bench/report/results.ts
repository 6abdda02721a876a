/**
 * Results as JSON: below `results/local` after each run, which git ignores, and beside it once
 * they are published.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Findings } from "../cases/case.ts";
import type { Machine } from "./machine.ts";

export interface Result extends Findings {
  readonly case: string;
  readonly command: string;
  readonly startedAt: string;
  readonly seconds: number;
  /** What was measured. */
  readonly commit: string;
  readonly machine: Machine;
  readonly load: { readonly before: number; readonly after: number };
}

const RESULTS = new URL("../results/", import.meta.url);

/** Returns where it was written. */
export function writeResult(result: Result, place: { readonly folder: string }): string {
  const folder = new URL(`${place.folder}/`, RESULTS);
  mkdirSync(folder, { recursive: true });
  const file = new URL(`${result.case}.json`, folder);
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
  return fileURLToPath(file);
}

/** By the name of the case. */
export function readResults(folder: string): ReadonlyMap<string, Result> {
  const place = new URL(`${folder}/`, RESULTS);
  if (!existsSync(place)) return new Map();
  const files = readdirSync(place).filter((name) => name.endsWith(".json"));
  return new Map(
    files.map((name): [string, Result] => {
      const result: Result = JSON.parse(readFileSync(new URL(name, place), "utf8"));
      return [result.case, result];
    }),
  );
}

export function readCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: fileURLToPath(RESULTS), encoding: "utf8" }).trim();
  try {
    const isChanged = git("status", "--porcelain", "--", ":!../results") !== "";
    return git("rev-parse", "--short", "HEAD") + (isChanged ? " with changes" : "");
  } catch {
    return "unknown";
  }
}
