import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { listMigrations } from "./migration-files.ts";

const parent = mkdtempSync(join(tmpdir(), "migrations-"));
afterAll(() => rmSync(parent, { recursive: true }));

function newFolder(...files: string[]): string {
  const folder = mkdtempSync(join(parent, "folder-"));
  for (const file of files) writeFileSync(join(folder, file), "");
  return folder;
}

test("migrations are listed by version, and other files are none", () => {
  const folder = newFolder("20260102000000_b.sql", "20260101000000_a_b.sql", "README.md", "c.sql");
  expect(listMigrations(folder).map(({ version, name }) => [version, name])).toEqual([
    ["20260101000000", "a_b"],
    ["20260102000000", "b"],
  ]);
});

test("two files of one version are refused, since only one would be applied", () => {
  expect(() => listMigrations(newFolder("1_a.sql", "1_b.sql"))).toThrow("the same version");
});

test("a folder that does not exist has no migrations", () => {
  expect(listMigrations(join(parent, "none"))).toEqual([]);
});
