import fc from "fast-check";
import { expect, test } from "vitest";
import { newFencelessFilter, newUntaggedFilter } from "./draft-text.ts";

const text = fc.string({
  unit: fc.oneof(fc.constantFrom("`", "```", "json:", "j", ":", "😀"), fc.string({ maxLength: 3 })),
});

test.each([
  ["without fences", newFencelessFilter],
  ["without tags", newUntaggedFilter],
])("a draft %s does not depend on the pieces in which it arrives", (_, newFilter) => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 8 }), (pieces) => {
      const whole = newFilter();
      const inPieces = newFilter();
      const expected = [...pieces.join("")].map(whole).join("");
      expect(pieces.map(inPieces).join("")).toBe(expected);
    }),
  );
});
