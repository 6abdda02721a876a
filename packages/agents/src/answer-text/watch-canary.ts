/**
 * Searches an answer for the canary as it arrives, and passes only the text before it.
 *
 * Only letters and digits are compared, regardless of case, width and what is between them, so a
 * canary that is spelled out, wrapped or in capitals is found, too. Text that may be the beginning
 * of the canary is held back, but never more of it than the length of the canary.
 */
export interface CanaryWatch {
  /** Returns the text that is safe to show; empty once the canary was found. */
  push(piece: string): string;
  /** Returns the text that was held back. Nothing may be pushed afterwards. */
  end(): string;
  readonly hasFound: boolean;
}

/** `canary` consists of lower-case letters and digits. */
export function newCanaryWatch(canary: string): CanaryWatch {
  /** The letters that may belong to an incomplete canary, and their places in the text. */
  let letters = "";
  let places: number[] = [];
  let held = "";
  let arrived = 0;
  let hasFound = false;
  const mayBegin = newBeginningTest(canary);

  function read(piece: string): void {
    for (const character of piece) {
      const folded = ASCII_FOLDED[character.charCodeAt(0)] ?? fold(character);
      letters += folded;
      for (let each = 0; each < folded.length; each += 1) places.push(arrived);
      arrived += character.length;
    }
  }

  /** The place up to which the text is safe to show. */
  function safePlace(): number {
    const found = letters.indexOf(canary);
    if (found >= 0) {
      hasFound = true;
      return places[found] ?? arrived;
    }
    const begun = lengthOfBeginning(canary, letters);
    const from = places.at(-begun);
    return begun > 0 && from !== undefined ? Math.max(from, arrived - canary.length) : arrived;
  }

  return {
    push(piece) {
      if (hasFound) return "";
      if (held === "" && !mayBegin(piece)) {
        letters = "";
        places = [];
        arrived += piece.length;
        return piece;
      }
      const from = arrived - held.length;
      read(piece);
      const text = held + piece;
      const safe = text.slice(0, betweenCharacters(text, Math.max(safePlace() - from, 0)));
      held = text.slice(safe.length);
      letters = letters.slice(1 - canary.length);
      places = places.slice(1 - canary.length);
      return safe;
    },
    end() {
      const rest = hasFound ? "" : held;
      held = "";
      return rest;
    },
    get hasFound() {
      return hasFound;
    },
  };
}

/** False if no character of a piece folds to the canary's first letter. Most pieces are so. */
function newBeginningTest(canary: string): (piece: string) => boolean {
  const pattern = new RegExp(`[^\\0-\\x7f]|${canary.charAt(0)}`, "i");
  return (piece) => pattern.test(piece);
}

/** The letters and digits in a character; empty for any other character. */
function fold(character: string): string {
  return character
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** Most characters of most answers, by their codes. */
const ASCII_FOLDED: readonly string[] = Array.from({ length: 0x80 }, (_, code) =>
  fold(String.fromCharCode(code)),
);

/** How many characters at the end of `text` may be the beginning of `word`. */
function lengthOfBeginning(word: string, text: string): number {
  for (let length = Math.min(word.length - 1, text.length); length > 0; length -= 1) {
    if (word.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

/** The place itself, or the next one if it would split a surrogate pair. */
function betweenCharacters(text: string, place: number): number {
  const unit = text.charCodeAt(place);
  return unit >= 0xdc00 && unit <= 0xdfff ? place + 1 : place;
}
