import fc from "fast-check";
import { expect, test } from "vitest";
import { AMOUNT_MAX, roundToCents, sumAmounts } from "./money.ts";
import { amount, percentage, quantity, signed } from "./output-fields.ts";

const anyAmount = fc.double({ min: 0, max: AMOUNT_MAX, noNaN: true });

test("rounding to cents is idempotent", () => {
  fc.assert(
    fc.property(anyAmount, (given) => {
      const rounded = roundToCents(given);
      expect(roundToCents(rounded)).toBe(rounded);
    }),
  );
});

test("the sum of amounts is an amount, and does not depend on their order", () => {
  fc.assert(
    fc.property(fc.array(anyAmount.map(roundToCents), { maxLength: 90 }), (amounts) => {
      const total = sumAmounts(amounts);
      expect(roundToCents(total)).toBe(total);
      expect(total).toBeLessThanOrEqual(AMOUNT_MAX);
      expect(sumAmounts(amounts.toReversed())).toBe(total);
    }),
  );
});

test.each([
  [5e-324, 0],
  [0.004, 0],
  [0.005, 0.01],
  [0.1 + 0.2, 0.3],
  [-0, 0],
  ["-0", 0],
  ["12.345", 12.35],
  [AMOUNT_MAX, AMOUNT_MAX],
])("the amount %j is read as %j", (given, expected) => {
  expect(amount.parse(given)).toBe(expected);
});

test.each([-0.01, NaN, Infinity, AMOUNT_MAX + 1, "12,50", "€12"])("%j is no amount", (given) => {
  expect(amount.safeParse(given).success).toBe(false);
});

test.each([quantity, percentage, signed])("no number of an answer is negative zero", (field) => {
  expect(field.parse(-0)).toBe(0);
  expect(quantity.parse(5e-324)).toBe(5e-324);
});
