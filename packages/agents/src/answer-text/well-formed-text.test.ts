import fc from "fast-check";
import { expect, test } from "vitest";
import { newTextSanitizer } from "./well-formed-text.ts";

/** Texts of lone surrogates in any order, NUL, whole pairs and plain letters. */
const unit = fc.constantFrom("a", "é", "😀", "\ud83d", "\ude00", "\0", "\uffff");
const pieces = fc.array(
  fc.array(unit).map((units) => units.join("")),
  { maxLength: 12 },
);

function sanitize(parts: readonly string[]): string {
  const sanitizer = newTextSanitizer();
  return parts.map((part) => sanitizer.push(part)).join("") + sanitizer.end();
}

test("sanitizing piece by piece equals sanitizing the whole, wherever the text is cut", () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const whole = parts.join("");
      expect(sanitize(parts)).toBe(whole.toWellFormed().replaceAll("\0", "\ufffd"));
    }),
  );
});

test("no piece carries half a pair, and no unit is added or lost", () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const sanitizer = newTextSanitizer();
      for (const part of parts) expect(sanitizer.push(part).isWellFormed()).toBe(true);
      expect(sanitize(parts)).toHaveLength(parts.join("").length);
    }),
  );
});
