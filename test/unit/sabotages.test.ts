/** The list of deliberate breakages, held to the invariants and to the code as it is now. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { INVARIANTS } from "../faults/check-history.ts";
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

test("every invariant of ARCHITECTURE.md has a line whose breakage is noticed", () => {
  const invariants = [...read("ARCHITECTURE.md").matchAll(/^- \*\*(I\d+)\*\*/gm)].map(
    ([, id]) => id,
  );
  expect(invariants.length).toBeGreaterThan(0);
  const broken = new Set(sabotages.map(({ architecture }) => architecture));
  expect(invariants.filter((id) => !broken.has(id ?? ""))).toEqual([]);
  const unknown = sabotages.filter(({ architecture: id }) => id && !invariants.includes(id));
  expect(unknown.map(({ id }) => id)).toEqual([]);
});

test("every invariant that the fault tests check has a line whose breakage is noticed", () => {
  const broken = new Set(sabotages.map(({ harness }) => harness));
  const whole = Object.keys(INVARIANTS).filter((id) => ![...broken].some((one) => one === id));
  expect(whole).toEqual([]);
});

test("every breakage has a name of its own", () => {
  expect(new Set(sabotages.map(({ id }) => id)).size).toBe(sabotages.length);
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
