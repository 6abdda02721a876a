import fc from "fast-check";
import { expect, test } from "vitest";
import { cutPieces } from "./cut-pieces.ts";

test("pieces join to the text, and none breaks a character in two", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.integer({ min: 1, max: 20 }),
      (text, size) => {
        const pieces = cutPieces(text, size);
        expect(pieces.join("")).toBe(text);
        expect(pieces.every((piece) => piece.isWellFormed())).toBe(text.isWellFormed());
        expect(pieces.every((piece) => piece.length > 0)).toBe(true);
      },
    ),
    { numRuns: 50 },
  );
});

test("pieces have the asked size on average, and not one size", () => {
  const pieces = cutPieces("x".repeat(1_200), 12);
  expect(pieces).toHaveLength(100);
  expect(new Set(pieces.map((piece) => piece.length)).size).toBeGreaterThan(3);
});
