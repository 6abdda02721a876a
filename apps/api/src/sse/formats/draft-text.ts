/**
 * Prevents clients from reading the raw text of a model as validated data.
 *
 * Clients parse the first block whose fence has their tag. The draft precedes that block and
 * arrives in pieces of any length, so both filters decide per character what may follow a fence.
 */
export type DraftFilter = (piece: string) => string;

const FENCE_LENGTH = 3;

/** Removes fences: for text inside a fenced block, which it must not close. */
export function newFencelessFilter(): DraftFilter {
  let backticks = 0;

  function next(part: string): string {
    if (!part.startsWith("`")) {
      backticks = 0;
      return part;
    }
    const kept = part.slice(0, Math.max(0, FENCE_LENGTH - 1 - backticks));
    backticks += part.length;
    return kept;
  }

  return (piece) => {
    if (backticks === 0 && !piece.includes("`")) return piece;
    return piece.replace(/`+|[^`]+/g, next);
  };
}

const TAG_START = "json:";

/** Keeps fences but breaks their tags: `json:plan` after a fence becomes `json :plan`. */
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

  return (piece) => {
    // Nothing is matched without a fence, so nearly all pieces need no look at their characters.
    if (backticks === 0 && !piece.includes("`")) return piece;
    return [...piece].map(next).join("");
  };
}
