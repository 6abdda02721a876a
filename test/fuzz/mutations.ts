/** Mutations of a value, each of them wrong or hostile in one way. */
import fc from "fast-check";

/** Texts that break other systems. */
export const hostileTexts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "\uFEFF",
    "\u202Eevil",
    "👩‍👩‍👧‍👦".repeat(50),
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A",
    "__proto__",
    "constructor",
    "' or 1=1 --",
    "null,id.not.is.null),or(id.is.null",
    "1)&select=*",
    "../../etc/passwd",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "%00%ff%2f",
    "\r\nx-injected: yes",
    "9".repeat(400),
    "-0",
    "1e999",
    "NaN",
  ),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.integer({ min: 1, max: 70_000 }).map((length) => "x".repeat(length)),
);

const hostileValues: fc.Arbitrary<unknown> = fc.oneof(
  hostileTexts,
  fc.constantFrom(null, true, false, 0, -1, 1e308, 2 ** 53, 1.5, [], {}, [[]], [null]),
  fc.integer({ min: 1, max: 2000 }).map((depth) => nest(depth)),
  fc.integer({ min: 1, max: 3000 }).map((length) => Array.from({ length }, (_, at) => at)),
  fc.dictionary(hostileTexts, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 50 }),
  fc.jsonValue({ maxDepth: 4 }),
);

function nest(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { a: value };
  return value;
}

/** The value unchanged, or changed once or twice. */
export function mutated(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const once = values.chain(mutate);
  return fc.oneof(
    { arbitrary: values, weight: 3 },
    { arbitrary: once, weight: 4 },
    { arbitrary: once.chain(mutate), weight: 2 },
    { arbitrary: hostileValues, weight: 1 },
  );
}

/** Replaces, adds or removes one member. */
function mutate(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== "object" || value === null) return hostileValues;
  const names = Object.keys(value);
  const added = fc.tuple(hostileTexts, hostileValues);
  const add = added.map(([name, member]) => withMember(value, name, member));
  if (names.length === 0) return add;
  const within = fc.constantFrom(...names);
  return fc.oneof(
    add,
    fc.tuple(within, hostileValues).map(([name, member]) => withMember(value, name, member)),
    within.map((name) => withMember(value, name, undefined)),
    within.chain((name) =>
      mutate(Reflect.get(value, name)).map((member) => withMember(value, name, member)),
    ),
  );
}

/** A copy: `undefined` is what JSON leaves out. `__proto__` becomes a member like any other. */
function withMember(value: object, name: string, member: unknown): unknown {
  if (Array.isArray(value)) return [...value, member];
  const copy: object = Object.fromEntries(Object.entries(value));
  Object.defineProperty(copy, name, { value: member, enumerable: true, configurable: true });
  return copy;
}
