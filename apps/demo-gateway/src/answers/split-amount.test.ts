import fc from "fast-check";
import { expect, test } from "vitest";
import { fallingShares, splitAmount, toCents } from "./split-amount.ts";

const shares = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 });

test("whole totals are split into whole amounts that sum to them", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), shares, (total, percentages) => {
      const parts = splitAmount(total, percentages);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
      expect(parts.every((part) => Number.isInteger(part) && part >= 0)).toBe(true);
    }),
  );
});

test("other totals are split to the cent", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), shares, (cents, percentages) => {
      const total = toCents(cents / 100);
      const sum = splitAmount(total, percentages).reduce((all, part) => all + part, 0);
      expect(sum).toBeCloseTo(total, 4);
    }),
  );
});

test.each([1, 2, 3, 4])("the shares of %i parts sum to 100", (parts) => {
  const given = fallingShares(parts);
  expect(given).toHaveLength(parts);
  expect(given.reduce((sum, share) => sum + share, 0)).toBe(100);
});
