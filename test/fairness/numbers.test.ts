import { describe, expect, test } from "vitest";
import { jain, quantile, worstShareError } from "./numbers.ts";

describe("Jain's index", () => {
  test("is 1 among equals and 1/n when one has everything", () => {
    expect(jain([3, 3, 3])).toBe(1);
    expect(jain([8, 0, 0, 0])).toBe(0.25);
  });

  test("is below 0.99 when some have twice as much as others", () => {
    expect(jain([1, 2, 1, 2])).toBeCloseTo(0.9);
  });
});

test("a quantile is a value that was measured", () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(quantile(values, 0.99)).toBe(198);
  expect(quantile(values, 1)).toBe(200);
  expect(quantile([], 0.5)).toBeNaN();
});

test("the error of shares is relative to the share that was promised", () => {
  expect(worstShareError([10, 20, 40], [1, 2, 4])).toBeCloseTo(0);
  expect(worstShareError([11, 20, 39], [1, 2, 4])).toBeCloseTo(0.1);
});
