import type { ValidationStep } from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { type EvalResult, tallyResults } from "./tally-results.ts";

const run = {
  id: "86140625-66bd-42db-95ad-fc9328fa9ece",
  status: "completed",
  duration_ms: 1500,
} as EvalResult["run"];
const step = (name: ValidationStep["step"], passed: boolean, answer = 1): ValidationStep => ({
  answer,
  step: name,
  passed,
});
const result = (
  validationSteps: readonly ValidationStep[],
  status: "completed" | "failed" = "completed",
) => ({
  run: { ...run, status },
  validationSteps,
  tokens: 10,
  isValid: status === "completed",
});

test("each run counts once, by the step that its answer passed", () => {
  const malformed = [step("parse", false), step("jsonrepair", true)];
  const tally = tallyResults([
    result([step("parse", true)]),
    result([...malformed, { ...step("finish", true), fixed: { sum: 2 } }]),
    result([...malformed, step("parse", true, 2), step("repair_turn", true, 2)]),
    result([step("parse", true), { ...step("repair_turn", false, 2), open: { claim: 1 } }]),
    result([step("parse", false)], "failed"),
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
