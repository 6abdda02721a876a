import { expect, test } from "vitest";
import type { MatrixLine } from "./fault-matrix.ts";
import { summarize } from "./matrix-summary.ts";

const scenario = (id: string) => ({ id, title: "", guarantees: ["G1"] as const });
const played = (id: string, passed: number): MatrixLine => ({
  ...{ kind: "played", scenario: scenario(id), played: 2, passed },
  ...{ worstRecoveryMs: null, figures: [], on: "2026-11-28" },
});
const skipped: MatrixLine = { kind: "skipped", scenario: scenario("F07"), why: "needs root" };
const notJudged: MatrixLine = { kind: "not_judged", scenario: scenario("F64"), why: "busy" };

test("faults that passed or could not be played here are a success", () => {
  expect(summarize([played("F01", 2), skipped])).toEqual({
    sentences: ["1 of 1 faults passed, 1 were skipped."],
    exitCode: 0,
  });
});

test("a fault that was not judged is no success, and the last sentence says so", () => {
  expect(summarize([played("F01", 2), notJudged])).toEqual({
    sentences: [
      "    not judged: F64",
      "1 of 1 faults passed, 0 were skipped, the machine was too busy to judge 1.",
    ],
    exitCode: 3,
  });
});

test("a fault that failed once has failed, whatever else was not judged", () => {
  expect(summarize([played("F01", 1), notJudged])).toEqual({
    sentences: [
      "    failed: F01",
      "    not judged: F64",
      "0 of 1 faults passed, 0 were skipped, the machine was too busy to judge 1.",
    ],
    exitCode: 1,
  });
});
