/**
 * Looks for the canary in an answer as it arrives, and lets nothing of the text through from where
 * it begins.
 *
 * Letters and digits are compared, whatever their case and width and whatever stands between them:
 * a canary that is spelled, wrapped or shouted is the same canary. What may be its beginning waits,
 * but never more of the text than the canary is long.
 */
export interface CanaryWatch {
  /** What of the text so far may be told; nothing any more once the canary was found. */
  push(piece: string): string;
  /** What still waited, now that nothing follows. */
  end(): string;
  readonly hasFound: boolean;
}

/** `canary` is of lower-case letters and digits. */
export function newCanaryWatch(canary: string): CanaryWatch {
  /** The letters that may belong to a canary which is not whole yet, and their places in the text. */
  let letters = "";
  let places: number[] = [];
  let waiting = "";
  let arrived = 0;
  let hasFound = false;

  function read(piece: string): void {
    for (const character of piece) {
      const folded = fold(character);
      letters += folded;
      for (let each = 0; each < folded.length; each += 1) places.push(arrived);
      arrived += character.length;
    }
  }

  /** The place up to which the text may be told. */
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
      const from = arrived - waiting.length;
      read(piece);
      const text = waiting + piece;
      const told = text.slice(0, betweenCharacters(text, Math.max(safePlace() - from, 0)));
      waiting = text.slice(told.length);
      letters = letters.slice(1 - canary.length);
      places = places.slice(1 - canary.length);
      return told;
    },
    end() {
      const rest = hasFound ? "" : waiting;
      waiting = "";
      return rest;
    },
    get hasFound() {
      return hasFound;
    },
  };
}

const ASCII_END = 0x80;

/** The letters and digits in a character; none for what only stands between them. */
function fold(character: string): string {
  const plain = character.charCodeAt(0) < ASCII_END ? character : character.normalize("NFKC");
  return plain.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** How many characters at the end of `text` may be the beginning of `word`. */
function lengthOfBeginning(word: string, text: string): number {
  for (let length = Math.min(word.length - 1, text.length); length > 0; length -= 1) {
    if (word.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

/** The place itself, or the next one if it would part the halves of a character. */
function betweenCharacters(text: string, place: number): number {
  const unit = text.charCodeAt(place);
  return unit >= 0xdc00 && unit <= 0xdfff ? place + 1 : place;
}
