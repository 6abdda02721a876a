import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonSize } from "./json-size.ts";

const plainText = fc.string({ unit: fc.constantFrom("a", "é", "漢", " ") });
const { value: jsonValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    plainText,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value")),
    fc.dictionary(plainText, tie("value"), { noNullPrototype: true }),
  ),
}));

test("is the length of the JSON text of a value without escapes", () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      expect(jsonSize(value)).toBe(JSON.stringify(value).length);
    }),
  );
});
