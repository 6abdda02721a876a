import { expect, test } from "vitest";
import { formatPage, type MatrixLine } from "./fault-matrix.ts";
import type { Scenario } from "./scenario.ts";

const known: readonly Scenario[] = ["F01", "F02"].map((id) => ({
  id,
  title: `fault ${id}`,
  invariants: ["I1", "I2"],
  play: () => Promise.resolve(),
}));
const line = (id: string, passed: number): MatrixLine => ({
  scenario: { id, title: `fault ${id}`, invariants: ["I1", "I2"] },
  played: 3,
  passed,
  worstRecoveryMs: 1_234,
  on: "2026-11-23",
});

test("a fault that was not played now keeps the line that was measured before", () => {
  const first = formatPage({ lines: [line("F01", 3), line("F02", 3)], known, old: "" });
  const second = formatPage({ lines: [line("F02", 2)], known, old: first });
  expect(second).toContain("| F01 | fault F01 | I1 I2 | 3 | 3 | 1.2 s | 2026-11-23 |");
  expect(second).toContain("| F02 | fault F02 | I1 I2 | 3 | 2 | 1.2 s | 2026-11-23 |");
});

test("a fault without a scenario is listed with the reason, one that was never played as such", () => {
  const page = formatPage({ lines: [], known, old: "" });
  expect(page).toMatch(/\| F65 \|.*not tested yet: \w+/);
  expect(page).toContain("| F01 | fault F01 | I1 I2 | 0 | | | not played yet |");
});
