import { expect, test } from "vitest";
import { newRandom } from "./random.ts";

test("a seed repeats its choices, and another one makes others", () => {
  const choices = (seed: number) => {
    const random = newRandom(seed);
    return Array.from({ length: 20 }, () => random.int(1, 1_000));
  };
  expect(choices(7)).toEqual(choices(7));
  expect(choices(7)).not.toEqual(choices(8));
});

test("a choice stays within its bounds and reaches both of them", () => {
  const random = newRandom(1);
  const rolls = Array.from({ length: 500 }, () => random.int(1, 6));
  expect([Math.min(...rolls), Math.max(...rolls)]).toEqual([1, 6]);
  expect(() => random.pick([])).toThrow("nothing to pick");
});
