import { expect, test } from "vitest";
import { measure, requiredName } from "./output-fields.ts";

test.each([
  ["12", 12],
  ["-0.5", -0.5],
  ["20–25 %", "20–25 %"],
  ["unknown", "unknown"],
  ["NaN", null],
  ["-Infinity", null],
  ["null", null],
])("the measure %j is read as %j", (given, expected) => {
  expect(measure.parse(given)).toBe(expected);
});

test("a name that is too long for the database is refused while the answer can still be corrected", () => {
  expect(requiredName.safeParse("N".repeat(500)).success).toBe(true);
  expect(requiredName.safeParse("N".repeat(501)).success).toBe(false);
});
