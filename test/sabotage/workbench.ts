/**
 * A copy of the repository whose code can be broken: the tracked files, with every installed package
 * linked to the original and the workspaces linked to the copy.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { breakCode, type Sabotage } from "./sabotage.ts";

const original = fileURLToPath(new URL("../..", import.meta.url));

export interface Workbench {
  readonly path: string;
  /** Breaks the code while `work` runs, and restores it afterwards. */
  withSabotage<Result>(sabotage: Sabotage, work: () => Promise<Result>): Promise<Result>;
  close(): void;
}

export function openWorkbench(): Workbench {
  const path = mkdtempSync(join(tmpdir(), "cmo-sabotage-"));
  copyTrackedFiles(path);
  linkPackages(path);
  return {
    path,
    async withSabotage(sabotage, work) {
      const file = join(path, sabotage.file);
      const text = readFileSync(file, "utf8");
      writeFileSync(file, breakCode(text, sabotage));
      try {
        return await work();
      } finally {
        writeFileSync(file, text);
      }
    },
    close() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function copyTrackedFiles(path: string): void {
  const list = execFileSync("git", ["ls-files", "-z"], { cwd: original, encoding: "utf8" });
  for (const file of list.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    cpSync(join(original, file), join(path, file));
  }
}

function linkPackages(path: string): void {
  const from = join(original, "node_modules");
  const to = join(path, "node_modules");
  mkdirSync(join(to, "@cmo"), { recursive: true });
  for (const name of readdirSync(from)) {
    if (name !== "@cmo") symlinkSync(join(from, name), join(to, name));
  }
  // These links are relative, so the same text leads into the copy.
  for (const name of readdirSync(join(from, "@cmo"))) {
    symlinkSync(readlinkSync(join(from, "@cmo", name)), join(to, "@cmo", name));
  }
}
