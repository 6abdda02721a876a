import { expect, test } from "vitest";
import { expectWhenQuiet, NeedsQuietError, whyNotJudged } from "./needs-quiet.ts";

const missed = new NeedsQuietError("it is fast");

test("an expectation that needs a quiet machine is not judged on a busy one", () => {
  expect(whyNotJudged(missed, 0.5)).toBe(
    "the machine was busy: other programs used 50 % of its processors",
  );
});

test("it is judged on a quiet machine, and where the load is unknown", () => {
  expect(whyNotJudged(missed, 0.05)).toBe(null);
  expect(whyNotJudged(missed, null)).toBe(null);
});

test("any other failure is judged on every machine", () => {
  expect(whyNotJudged(new Error("Expected that the run completes."), 1)).toBe(null);
});

test("it throws only when it is missed", () => {
  expect(() => expectWhenQuiet(true, "it is fast")).not.toThrow();
  expect(() => expectWhenQuiet(false, "it is fast")).toThrow(NeedsQuietError);
});
