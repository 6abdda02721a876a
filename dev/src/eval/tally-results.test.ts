import type { RungResult } from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { type EvalResult, tallyResults } from "./tally-results.ts";

const run = {
  id: "86140625-66bd-42db-95ad-fc9328fa9ece",
  status: "completed",
  duration_ms: 1500,
} as EvalResult["run"];
const rung = (name: RungResult["rung"], passed: boolean, answer = 1): RungResult => ({
  answer,
  rung: name,
  passed,
});
const result = (rungs: readonly RungResult[], status: "completed" | "failed" = "completed") => ({
  run: { ...run, status },
  rungs,
  tokens: 10,
  isValid: status === "completed",
});

test("each run counts once, by the rung that its answer was won on", () => {
  const malformed = [rung("parse", false), rung("jsonrepair", true)];
  const tally = tallyResults([
    result([rung("parse", true)]),
    result([...malformed, { ...rung("finish", true), fixed: { sum: 2 } }]),
    result([...malformed, rung("parse", true, 2), rung("repair_turn", true, 2)]),
    result([rung("parse", true), { ...rung("repair_turn", false, 2), open: { claim: 1 } }]),
    result([rung("parse", false)], "failed"),
  ]);
  expect(tally).toEqual({
    runs: 5,
    atFirst: 2,
    afterJsonrepair: 1,
    afterRepairTurn: 1,
    failed: 1,
    completed: 4,
    valid: 4,
    fixed: { sum: 2 },
    open: { claim: 1 },
    tokens: 50,
    seconds: 7.5,
  });
});
