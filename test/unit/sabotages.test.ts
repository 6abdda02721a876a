/** The list of deliberate breakages, held to the invariants and to the code as it is now. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { INVARIANTS } from "../faults/check-history.ts";
import { breakLine } from "../sabotage/sabotage.ts";
import { sabotages } from "../sabotage/sabotages.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(root + file, "utf8");

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

test("SQL is broken in the schemas, of which the copy's database is made", () => {
  const elsewhere = sabotages.filter(
    ({ file }) => file.endsWith(".sql") && !file.startsWith("supabase/schemas/"),
  );
  expect(elsewhere.map(({ id }) => id)).toEqual([]);
});
