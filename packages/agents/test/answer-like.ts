/** For property tests: answers like a valid one, with typical errors of models. */
import fc from "fast-check";

/** Mostly whole numbers, which many members must be; fractions are rarer. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 14 }) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 100 }) },
  { weight: 1, arbitrary: fc.double({ min: 0, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 0.04, 1, 33.3) },
  // Below the smallest unit, halfway between two of them, and the zero that JSON does not have.
  { weight: 1, arbitrary: fc.constantFrom(5e-324, 1e-9, 0.004, 0.005, 0.1 + 0.2, 99.995, -0) },
);
const date = fc
  .integer({ min: -60, max: 200 })
  .map((days) => new Date(Date.UTC(2026, 2, 2 + days)).toISOString().slice(0, 10));
const words = fc.oneof(
  fc.constantFrom("Independent hotel owners", "harbor ledger PRO", "Bakers", "E-mail", "?"),
  fc.constantFrom("Trusted by over 500 hotels", "Save 37 %", "“It works, says who?” — Ana"),
  fc.string({ unit: "grapheme", minLength: 1 }),
);

/** Other numbers and dates in the same shape, and sometimes other words and lists. */
export function answerLike<Value>(value: Value): fc.Arbitrary<Value>;
export function answerLike(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value === "number") return mostly(value, number, 6);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)) {
    return fc.oneof(fc.constant(value), date);
  }
  // A single word in lower case may belong to a vocabulary; another word would be refused.
  if (typeof value === "string" && /[ A-Z]/.test(value)) return mostly(value, words, 60);
  if (Array.isArray(value)) return listLike(value);
  if (typeof value !== "object" || value === null) return fc.constant(value);
  return fc.record(
    Object.fromEntries(Object.entries(value).map(([name, member]) => [name, answerLike(member)])),
  );
}

function listLike(value: readonly unknown[]): fc.Arbitrary<unknown> {
  const items = value.map((item) => answerLike(item));
  const same = fc.tuple(...items);
  if (items.length === 0) return same;
  return mostlyOf(same, fc.array(fc.oneof(...items), { maxLength: 5 }), 20);
}

function mostly<Value>(usual: Value, other: fc.Arbitrary<Value>, weight: number) {
  return mostlyOf(fc.constant(usual), other, weight);
}

function mostlyOf<Usual, Other>(
  usual: fc.Arbitrary<Usual>,
  other: fc.Arbitrary<Other>,
  weight: number,
): fc.Arbitrary<Usual | Other> {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: other });
}
