import fc from "fast-check";
import { expect, test } from "vitest";
import { fromFraction, fromMicros, toMicros } from "./exact-number.ts";

test("decimals without a binary representation are added exactly", () => {
  expect(fromMicros(toMicros(0.1) + toMicros(0.2), 6)).toBe(0.3);
  expect(fromMicros(toMicros(1.005), 2)).toBe(1.01);
  expect(fromMicros(toMicros(-1.005), 2)).toBe(-1.01);
});

test("a money amount comes back as it went in", () => {
  const cents = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });

  fc.assert(fc.property(cents, (amount) => fromMicros(toMicros(amount / 100), 2) === amount / 100));
});

test("a value that is no number counts as zero, and no number is too large", () => {
  expect([null, undefined, Number.NaN, Number.POSITIVE_INFINITY].map(toMicros)).toEqual([
    0n,
    0n,
    0n,
    0n,
  ]);
  expect(toMicros(1e21)).toBe(10n ** 27n);
});

test("nothing is divided by zero", () => {
  expect(fromFraction(1n, 0n, 4)).toBeNull();
  expect(fromFraction(-1n, -3n, 4)).toBe(0.3333);
  expect(fromFraction(1n, -3n, 4)).toBe(-0.3333);
});
