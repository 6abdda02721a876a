/**
 * Keeps a model's own words from being taken for validated data.
 *
 * Clients take the first block whose fence names their tag. A draft comes first, in pieces cut
 * anywhere, so both filters below decide character by character what may follow a fence.
 */
export type DraftFilter = (piece: string) => string;

const FENCE_LENGTH = 3;

/** No fence at all: for text that stands in a fenced block of ours, which it must not close. */
export function newFencelessFilter(): DraftFilter {
  let backticks = 0;
  return (piece) =>
    piece.replace(/`+|[^`]+/g, (part) => {
      if (!part.startsWith("`")) {
        backticks = 0;
        return part;
      }
      const kept = part.slice(0, Math.max(0, FENCE_LENGTH - 1 - backticks));
      backticks += part.length;
      return kept;
    });
}

const TAG_START = "json:";

/** Fences stay, but none may be tagged: `json:plan` after one becomes `json :plan`. */
export function newUntaggedFilter(): DraftFilter {
  let backticks = 0;
  let matched = 0;

  function next(character: string): string {
    if (character === "`") {
      backticks += 1;
      matched = 0;
      return character;
    }
    const follows = backticks >= FENCE_LENGTH && character === TAG_START[matched];
    matched = follows ? matched + 1 : 0;
    if (!follows) backticks = 0;
    if (matched < TAG_START.length) return character;
    backticks = 0;
    matched = 0;
    return ` ${character}`;
  }

  return (piece) => [...piece].map(next).join("");
}
