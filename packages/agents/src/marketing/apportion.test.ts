import fc from "fast-check";
import { expect, test } from "vitest";
import { apportion, fitTo, sum, sumsTo } from "./apportion.ts";

test("parts sum to the total and stay within one step of their share", () => {
  const weights = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 20 });
  const total = fc.integer({ min: 0, max: 1_000_000_000 });

  fc.assert(
    fc.property(weights, total, fc.constantFrom(0, 1, 2), (weights, total, decimals) => {
      const parts = apportion(weights, total, decimals);
      const weight = sum(weights);
      if (weight === 0) return parts === null;
      const step = 10 ** -decimals;
      return (
        parts !== null &&
        sumsTo(parts, total) &&
        parts.every(
          (part, i) => Math.abs(part - ((weights[i] ?? 0) / weight) * total) < step * 1.01,
        )
      );
    }),
  );
});

test("parts that already sum to the total stay unchanged", () => {
  expect(fitTo([33.34, 33.33, 33.33], 100, 1)).toEqual([33.34, 33.33, 33.33]);
});

test("parts that do not sum are scaled in proportion", () => {
  expect(fitTo([40, 30, 20], 100, 1)).toEqual([44.5, 33.3, 22.2]);
  expect(fitTo([1, 1, 1], 1_000, 0)).toEqual([334, 333, 333]);
});

test("parts stay zero if all weights are zero", () => {
  expect(fitTo([0, 0], 100, 1)).toEqual([0, 0]);
});
