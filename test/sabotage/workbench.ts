/**
 * A copy of the repository whose code can be broken: the tracked files, with every installed package
 * linked to the original and the workspaces linked to the copy.
 *
 * SQL is broken in the schemas. The local stack applies migrations, so the copy has a single one,
 * which is made from the schemas after each change.
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
import {
  BASELINE_FILE,
  composeBaseline,
  readSchemas,
} from "../../dev/src/database/schema-files.ts";
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
  makeMigration(path);
  return {
    path,
    async withSabotage(sabotage, work) {
      const file = join(path, sabotage.file);
      const text = readFileSync(file, "utf8");
      writeFileSync(file, breakCode(text, sabotage));
      makeMigration(path);
      try {
        return await work();
      } finally {
        writeFileSync(file, text);
        makeMigration(path);
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

function makeMigration(path: string): void {
  const migrations = join(path, "supabase/migrations");
  rmSync(migrations, { recursive: true });
  mkdirSync(migrations);
  const sql = composeBaseline(readSchemas(join(path, "supabase/schemas")));
  writeFileSync(join(migrations, BASELINE_FILE), sql);
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
