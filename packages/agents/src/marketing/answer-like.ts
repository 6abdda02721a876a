/** For property tests: answers like one that is right, with what models get wrong. */
import fc from "fast-check";

const number = fc.oneof(
  fc.integer({ min: 0, max: 14 }),
  fc.integer({ min: 0, max: 100 }),
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.constantFrom(0, 0.04, 1, 33.3),
);
const date = fc
  .integer({ min: -60, max: 200 })
  .map((days) => new Date(Date.UTC(2026, 2, 2 + days)).toISOString().slice(0, 10));
const words = fc.oneof(
  fc.constantFrom("Independent hotel owners", "harbor ledger PRO", "Bakers", "E-mail", ""),
  fc.constantFrom("Trusted by over 500 hotels", "Save 37 %", "“It works, says who?” — Ana"),
  fc.string({ unit: "grapheme" }),
);

/** Other numbers and dates in the same shape, and now and then other words and other lists. */
export function answerLike<Value>(value: Value): fc.Arbitrary<Value>;
export function answerLike(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value === "number") return fc.oneof(fc.constant(value), number);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)) {
    return fc.oneof(fc.constant(value), date);
  }
  // Single words in lower case may belong to a vocabulary, and another would be refused.
  if (typeof value === "string" && /[ A-Z]/.test(value)) return mostly(value, words);
  if (Array.isArray(value)) return listLike(value);
  if (typeof value !== "object" || value === null) return fc.constant(value);
  return fc.record(
    Object.fromEntries(Object.entries(value).map(([name, member]) => [name, answerLike(member)])),
  );
}

function listLike(value: readonly unknown[]): fc.Arbitrary<unknown> {
  const same = fc.tuple(...value.map((item) => answerLike(item)));
  const [first] = value;
  if (first === undefined) return same;
  const others = fc.array(fc.constantFrom(...value).chain(answerLike), { maxLength: 5 });
  return fc.oneof({ weight: 12, arbitrary: same }, { weight: 1, arbitrary: others });
}

function mostly<Value>(usual: Value, other: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
}
