import fc from "fast-check";
import { expect, test } from "vitest";
import { toBoundedText, toWellFormedText, toWellFormedValue } from "./bounded-text.ts";

test.each([
  ["keeps text that fits", "Zwölf 🎯", 8, "Zwölf 🎯"],
  ["cuts text that does not", "Zwölf 🎯", 3, "Zwö"],
  ["leaves out a surrogate pair that does not fit whole", "ab🎯", 3, "ab"],
  ["keeps a pair that fits", "ab🎯c", 4, "ab🎯"],
  ["replaces NUL and lone surrogates", "a\0b\ud800c\udc00", 10, "a\ufffdb\ufffdc\ufffd"],
  ["replaces a lone surrogate at the cut", "ab\ud800c", 3, "ab\ufffd"],
  ["cuts to nothing", "🎯", 0, ""],
])("%s", (_, text, max, expected) => {
  expect(toBoundedText(text, max)).toBe(expected);
});

test("any text is well-formed, has no NUL and fits", () => {
  const text = fc.string({
    unit: fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  });
  fc.assert(
    fc.property(text, fc.nat({ max: 40 }), (whole, max) => {
      const bounded = toBoundedText(whole, max);
      expect(bounded.isWellFormed()).toBe(true);
      expect(bounded).not.toContain("\0");
      expect(bounded.length).toBeLessThanOrEqual(max);
      expect(bounded.length).toBeGreaterThanOrEqual(Math.min(whole.length, max) - 1);
    }),
  );
});

test("ordinary text is unchanged", () => {
  expect(toWellFormedText("Zwölf 🎯 Wochen\n")).toBe("Zwölf 🎯 Wochen\n");
});

test("the strings and keys of a value are sanitized at any depth", () => {
  const parsed: unknown = JSON.parse('{"a\\u0000":["\\ud800",{"b":"ok"},null,3,true]}');
  expect(toWellFormedValue(parsed)).toEqual({ "a\ufffd": ["\ufffd", { b: "ok" }, null, 3, true] });
});
