import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newCanaryWatch } from "./watch-canary.ts";

const CANARY = "zq9f3a7c1e5b2d8460";

/** The text that is safe to show if it arrives in these pieces, and the most that was held back. */
function watchAll(pieces: readonly string[]) {
  const watch = newCanaryWatch(CANARY);
  let safe = "";
  let arrived = 0;
  let mostWaiting = 0;
  for (const piece of pieces) {
    safe += watch.push(piece);
    arrived += piece.length;
    if (!watch.hasFound) mostWaiting = Math.max(mostWaiting, arrived - safe.length);
  }
  safe += watch.end();
  return { safe, mostWaiting, hasFound: watch.hasFound };
}

const pieceOf = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  // Beginnings of the canary with another continuation.
  fc.nat({ max: CANARY.length - 1 }).map((length) => CANARY.slice(0, length)),
  fc.constantFrom("z", "Z q", "zq9", "😀", " ".repeat(40)),
);

describe("text without the canary", () => {
  test("is shown whole, however it is cut, and never more than the canary's length is held back", () => {
    const honest = fc
      .array(pieceOf, { maxLength: 30 })
      .filter((pieces) => !watchAll(pieces).hasFound);
    fc.assert(
      fc.property(honest, (pieces) => {
        const { safe, mostWaiting } = watchAll(pieces);
        expect(safe).toBe(pieces.join(""));
        expect(mostWaiting).toBeLessThanOrEqual(CANARY.length);
      }),
      { numRuns: 500 },
    );
  });

  test("is shown at once if nothing in it begins like the canary", () => {
    const watch = newCanaryWatch(CANARY);
    expect(watch.push("Quarterly plan, 90 days")).toBe("Quarterly plan, 90 days");
    expect(watch.push(" for a pizz")).toBe(" for a piz");
    expect(watch.push("a place")).toBe("za place");
  });
});

describe("text with the canary", () => {
  const shouted = CANARY.toUpperCase();
  test.each([
    ["as it is", CANARY],
    ["shouted", shouted],
    ["spelled", [...CANARY].join(" ")],
    ["hyphenated", [...CANARY].join("-")],
    ["in lines of a quotation", [...CANARY].join("\n> ")],
    ["with marks that nobody sees", [...CANARY].join("\u200b")],
    ["in full width", fullWidth(CANARY)],
    ["far apart", [...CANARY].join(" ".repeat(50))],
  ])("is stopped where it begins: %s", (_, written) => {
    for (const size of [1, 2, 7, 1_000]) {
      const { safe, hasFound } = watchAll(cut(`Here you are: ${written} and more`, size));
      expect(hasFound).toBe(true);
      expect(safe.startsWith("Here you are: ")).toBe(true);
      expect(safe).not.toContain("and more");
      if (written.length === CANARY.length) expect(safe).toBe("Here you are: ");
      expect(safe.length).toBeLessThan("Here you are: ".length + written.length);
    }
  });

  test("is stopped wherever the canary stands and however the text is cut", () => {
    const parts = fc.tuple(fc.array(pieceOf), fc.array(pieceOf), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(parts, ([before, after, size]) => {
        const leading = before.join("");
        const { safe, hasFound } = watchAll(cut(`${leading}${CANARY}${after.join("")}`, size));
        expect(hasFound).toBe(true);
        expect(leading.startsWith(safe)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("shows nothing more afterwards", () => {
    const watch = newCanaryWatch(CANARY);
    expect(watch.push(`a ${CANARY} b`)).toBe("a ");
    expect([watch.push("c"), watch.end()]).toEqual(["", ""]);
  });
});

function cut(text: string, size: number): string[] {
  const characters = [...text];
  const pieces: string[] = [];
  while (characters.length > 0) pieces.push(characters.splice(0, size).join(""));
  return pieces;
}

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (character) =>
    String.fromCharCode(character.charCodeAt(0) + 0xfee0),
  );
}
