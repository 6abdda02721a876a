import { expect, test } from "vitest";
import { formatPage, type MatrixLine } from "./fault-matrix.ts";

const scenario = (id: string, times?: "default") => ({
  id,
  title: `fault ${id}`,
  guarantees: ["G1", "G3"] as const,
  ...(times ? { arena: { times } } : {}),
});
const known = [scenario("F01"), scenario("F02"), scenario("F02", "default")];
const line = (id: string, passed: number, times?: "default") => ({
  kind: "played" as const,
  scenario: scenario(id, times),
  played: 3,
  passed,
  worstRecoveryMs: 1_234,
  figures: [] as readonly string[],
  on: "2026-11-23",
});

test("a fault that was not played now keeps its earlier results", () => {
  const first = formatPage({ lines: [line("F01", 3), line("F02", 3)], known, old: "" });
  const second = formatPage({ lines: [line("F02", 2)], known, old: first });
  expect(second).toContain("| F01 | fault F01 | G1 G3 | 3 | 3 | 1.2 s | 2026-11-23 |");
  expect(second).toContain("| F02 | fault F02 | G1 G3 | 3 | 2 | 1.2 s | 2026-11-23 |");
});

test("the same fault at other times has a row of its own, below", () => {
  const first = formatPage({ lines: [line("F02", 3)], known, old: "" });
  const second = formatPage({ lines: [line("F02", 1, "default")], known, old: first });
  const rows = second.split("\n").filter((row) => row.startsWith("| F02"));
  expect(rows).toEqual([
    "| F02 | fault F02 | G1 G3 | 3 | 3 | 1.2 s | 2026-11-23 |",
    "| F02 at default times | fault F02 | G1 G3 | 3 | 1 | 1.2 s | 2026-11-23 |",
  ]);
});

test("a fault that cannot be played here is listed with the reason, unless it was played before", () => {
  const skipped: MatrixLine = { kind: "skipped", scenario: scenario("F01"), why: "needs root" };
  const page = formatPage({ lines: [skipped], known, old: "" });
  expect(page).toContain("| F01 | fault F01 | G1 G3 | 0 |  |  | skipped: needs root |");
  const played = formatPage({ lines: [line("F01", 3)], known, old: page });
  expect(formatPage({ lines: [skipped], known, old: played })).toBe(played);
});

test("a fault that was not judged keeps its earlier results, and is listed as such without them", () => {
  const busy: MatrixLine = { kind: "not_judged", scenario: scenario("F01"), why: "it was busy" };
  const page = formatPage({ lines: [busy], known, old: "" });
  expect(page).toContain("| F01 | fault F01 | G1 G3 | 0 |  |  | not judged: it was busy |");
  const played = formatPage({ lines: [line("F01", 3)], known, old: page });
  expect(formatPage({ lines: [busy], known, old: played })).toBe(played);
});

test("other measurements stay until they are repeated", () => {
  const measured = (figure: string): MatrixLine => ({ ...line("F01", 3), figures: [figure, "b"] });
  const first = formatPage({ lines: [measured("a")], known, old: "" });
  expect(first).toContain("- **F01** (2026-11-23): a; b");
  const second = formatPage({ lines: [line("F02", 3)], known, old: first });
  expect(second).toContain("- **F01** (2026-11-23): a; b");
  const third = formatPage({ lines: [measured("c")], known, old: second });
  expect(third).toContain("- **F01** (2026-11-23): c; b");
  expect(third).not.toContain("a; b");
});

test("a fault without a scenario is listed with the reason, and one that was never played as such", () => {
  const page = formatPage({ lines: [], known, old: "" });
  expect(page).toMatch(/\| F68 \|.*not tested here: \w+/);
  expect(page).toContain("| F01 | fault F01 | G1 G3 | 0 |  |  | not played yet |");
});
