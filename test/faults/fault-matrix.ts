/**
 * The published table of faults, written by the harness. A fault that was played now gets new
 * results. The other rows keep their results, with the current titles and guarantees.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { formatGuarantees } from "../guarantees-section.ts";
import { DIFFERENT, UNTESTED } from "./catalogue.ts";
import { nameOf, type Scenario } from "./scenario.ts";

type Known = Pick<Scenario, "id" | "title" | "guarantees" | "arena">;

export type MatrixLine = PlayedLine | UnplayedLine;

interface PlayedLine {
  readonly kind: "played";
  readonly scenario: Known;
  readonly played: number;
  readonly passed: number;
  readonly worstRecoveryMs: number | null;
  /** Sentences about other measurements. */
  readonly figures: readonly string[];
  /** `YYYY-MM-DD`. */
  readonly on: string;
}

interface UnplayedLine {
  readonly kind: "skipped" | "not_judged";
  readonly scenario: Known;
  readonly why: string;
}

const PAGE = fileURLToPath(new URL("../../docs/fault-matrix.md", import.meta.url));

export function writeFaultMatrix(lines: readonly MatrixLine[], known: readonly Known[]): string {
  const old = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
  writeFileSync(PAGE, formatPage({ lines, known, old }));
  return PAGE;
}

interface Page {
  readonly lines: readonly MatrixLine[];
  readonly known: readonly Known[];
  /** The page as it was. */
  readonly old: string;
}

export function formatPage({ lines, known, old }: Page): string {
  return `# Fault matrix

Written by \`npm run test:faults\`. Do not edit it by hand. Each fault is played against real processes, a
real Postgres and a real Redis, with real clients that reconnect. The demo gateway replaces the AI
gateway, and the local Supabase replaces the hosted one. Heartbeats and leases take half their time (a
lease is 2 s), and longer durations a tenth; rows "at default times" use the durations of production.
After each fault, the history of everything that was observed is checked for violations of all
guarantees below that are marked "every history". The table names the guarantees that the fault is
most likely to violate. "Worst recovery" is the longest time that a reader waited for the next event
of its run after the fault was over; it may be ten seconds unless another bound is named below.

| fault | what happens | guarantees | played | passed | worst recovery | when |
|---|---|---|---|---|---|---|
${formatRows({ lines, known, old }).join("\n")}

## Bounds that differ from the usual catalogue

${formatDifferences().join("\n")}

## Other measurements

${formatFigures({ lines, known, old }).join("\n")}

## Guarantees

${formatGuarantees()}
`;
}

function formatRows({ lines, known, old }: Page): string[] {
  const rows = new Map<string, string>();
  for (const scenario of known) {
    const name = nameOf(scenario);
    const line = lines.find((one) => nameOf(one.scenario) === name);
    rows.set(name, formatRow(scenario, line, findLine(old, `| ${name} |`)));
  }
  for (const [id, { title, why }] of Object.entries(UNTESTED)) {
    if (!rows.has(id)) rows.set(id, `| ${id} | ${title} | | | | | not tested here: ${why} |`);
  }
  return [...rows].toSorted(([one], [other]) => one.localeCompare(other)).map(([, row]) => row);
}

function formatRow(scenario: Known, line: MatrixLine | undefined, old: string | null): string {
  const { title, guarantees } = scenario;
  const row = (...results: readonly (string | number)[]) =>
    toRow([nameOf(scenario), title, guarantees.join(" "), ...results]);
  if (line?.kind === "played") return row(...resultsOf(line));
  // A fault that cannot be played here keeps the results of another machine.
  if (old !== null && wasPlayed(old)) return row(...oldResults(old));
  return row(0, "", "", line ? `${UNPLAYED[line.kind]}: ${line.why}` : "not played yet");
}

const UNPLAYED = { skipped: "skipped", not_judged: "not judged" };

function resultsOf({ played, passed, worstRecoveryMs, on }: PlayedLine): (string | number)[] {
  const recovery = worstRecoveryMs === null ? "–" : `${(worstRecoveryMs / 1_000).toFixed(1)} s`;
  return [played, passed, recovery, on];
}

/** How often it was played and passed, the worst recovery and the date. */
function oldResults(row: string): string[] {
  const cells = row.split("|").map((cell) => cell.trim());
  return cells.slice(-5, -1);
}

function toRow(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

function wasPlayed(row: string): boolean {
  return /\d{4}-\d\d-\d\d \|$/.test(row);
}

function formatDifferences(): string[] {
  return Object.entries(DIFFERENT).map(([id, why]) => `- ${id}: ${why}.`);
}

function formatFigures({ lines, known, old }: Page): string[] {
  return known.flatMap((scenario) => {
    const name = nameOf(scenario);
    const line = lines.find((one) => nameOf(one.scenario) === name);
    const head = `- **${name}**`;
    if (line?.kind !== "played") return findLine(old, head) ?? [];
    if (line.figures.length === 0) return [];
    return `${head} (${line.on}): ${line.figures.join("; ")}`;
  });
}

/** A line that was written earlier, as it stands. */
function findLine(page: string, beginning: string): string | null {
  return page.split("\n").find((line) => line.startsWith(beginning)) ?? null;
}
