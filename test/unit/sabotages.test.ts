/** The list of deliberate breakages, held to the invariants and to the code as it is now. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { breakLine } from "../sabotage/sabotage.ts";
import { sabotages } from "../sabotage/sabotages.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(root + file, "utf8");
const MIGRATIONS = "supabase/migrations/";

/** The function that a place in a migration belongs to, such as `private.end_run`. */
function functionAt(text: string, place: number): string | undefined {
  return [...text.slice(0, place).matchAll(/create (?:or replace )?function ([\w.]+)/g)].at(
    -1,
  )?.[1];
}

test("every invariant has a line whose breakage is noticed", () => {
  const invariants = [...read("ARCHITECTURE.md").matchAll(/^- \*\*(I\d+)\*\*/gm)].map(
    ([, id]) => id,
  );
  expect(invariants.length).toBeGreaterThan(0);
  const broken = new Set(sabotages.map(({ invariant }) => invariant));
  expect(invariants.filter((id) => !broken.has(id ?? ""))).toEqual([]);
});

test("every line to break is there, and once", () => {
  for (const sabotage of sabotages) {
    expect(breakLine(read(sabotage.file), sabotage)).not.toBe(read(sabotage.file));
  }
});

test("no line to break stands in a function that a later migration has replaced", () => {
  const migrations = readdirSync(root + MIGRATIONS).filter((name) => name.endsWith(".sql"));
  const stale = sabotages.filter(({ file, find }) => {
    if (!file.startsWith(MIGRATIONS)) return false;
    const name = functionAt(read(file), read(file).indexOf(find));
    const later = migrations.filter((other) => MIGRATIONS + other > file);
    return later.some((other) => read(MIGRATIONS + other).includes(`replace function ${name}(`));
  });
  expect(stale.map(({ id }) => id)).toEqual([]);
});
