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
])("what is measured as %j is %j", (said, is) => {
  expect(measure.parse(said)).toBe(is);
});

test("a name that no list has room for is refused, where an answer can still be corrected", () => {
  expect(requiredName.safeParse("N".repeat(500)).success).toBe(true);
  expect(requiredName.safeParse("N".repeat(501)).success).toBe(false);
});
