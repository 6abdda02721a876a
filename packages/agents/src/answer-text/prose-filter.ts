/**
 * Splits a prose answer into its visible text and its tagged blocks, as it arrives.
 *
 * A block opens with three backticks and `json:<tag>`, anywhere, and closes with three backticks
 * that begin a line or are outside of a JSON string. A block that never closes ends with the text.
 * Text that may be the beginning of a fence is held back, so prose that was returned is final, and
 * the result does not depend on where the text was cut.
 */
export interface TaggedBlock {
  readonly tag: string;
  readonly body: string;
}

export interface ProseFilter {
  /** Returns the prose that is final. */
  push(piece: string): string;
  /** Returns the prose that was held back. Nothing may be pushed afterwards. */
  end(): string;
  /** The closed blocks, in order; all blocks after `end`. */
  readonly blocks: readonly TaggedBlock[];
}

const FENCE = "```";
const INFO = "json:";
const OPENING = FENCE + INFO;
/** The rest of a closing fence's line that belongs to the fence. */
const REST_OF_FENCE = /^`*[ \t\r]*\n?/;

export function newProseFilter(): ProseFilter {
  return new Splitter();
}

class Splitter implements ProseFilter {
  readonly blocks: TaggedBlock[] = [];
  #place: "prose" | "block" | "closing" = "prose";
  /** Text that arrived and is not yet known to be prose, block or fence. */
  #held = "";
  #body = "";
  #scan = newFenceScan();
  /** The end of the returned prose, no longer than a fence. */
  #tail = "";
  #isAfterBlock = false;

  push(piece: string): string {
    this.#held += piece;
    return this.#advance(false);
  }

  end(): string {
    const prose = this.#advance(true);
    if (this.#place === "block") this.#keepBlock(this.#body);
    this.#place = "prose";
    return prose;
  }

  /** At the end, nothing is held back. */
  #advance(atEnd: boolean): string {
    let prose = "";
    for (;;) {
      const place = this.#place;
      if (place === "prose") prose += this.#takeProse(atEnd);
      else if (place === "block") this.#takeBlock();
      else this.#takeClosing(atEnd);
      if (this.#place === place) return prose;
    }
  }

  #takeProse(atEnd: boolean): string {
    const opening = this.#held.indexOf(OPENING);
    const held = atEnd ? 0 : lengthOfBeginning(OPENING, this.#held);
    const length = opening >= 0 ? opening : this.#held.length - held;
    const prose = this.#release(this.#held.slice(0, length));
    this.#held = this.#held.slice(length);
    if (opening >= 0) this.#openBlock(OPENING);
    return prose;
  }

  /** The prose before a block and the prose after it must not form a fence together. */
  #release(prose: string): string {
    if (prose === "") return "";
    const mayJoin = this.#isAfterBlock && lengthOfBeginning(OPENING, this.#tail) > 0;
    const released = mayJoin ? `\n${prose}` : prose;
    this.#isAfterBlock = false;
    this.#tail = (this.#tail + released).slice(-OPENING.length);
    return released;
  }

  #openBlock(opening: string): void {
    this.#held = this.#held.slice(opening.length);
    this.#isAfterBlock = true;
    this.#body = "";
    this.#scan = newFenceScan();
    this.#place = "block";
  }

  #takeBlock(): void {
    const past = this.#scan(this.#held);
    this.#body += this.#held.slice(0, past ?? undefined);
    this.#held = past === null ? "" : this.#held.slice(past);
    if (past === null) return;
    this.#keepBlock(this.#body.slice(0, -FENCE.length));
    this.#place = "closing";
  }

  /** A fence in place of the closing one may open the next block if the model did not close. */
  #takeClosing(atEnd: boolean): void {
    if (this.#held.startsWith(INFO)) {
      this.#openBlock(INFO);
      return;
    }
    const rest = REST_OF_FENCE.exec(this.#held)?.[0] ?? "";
    const mayGoOn = rest === this.#held && !rest.endsWith("\n");
    if (!atEnd && (mayGoOn || INFO.startsWith(this.#held))) return;
    this.#held = this.#held.slice(rest.length);
    this.#place = "prose";
  }

  #keepBlock(text: string): void {
    const tag = /^[\w-]*/.exec(text)?.[0] ?? "";
    this.blocks.push({ tag, body: text.slice(tag.length).trim() });
  }
}

/** How many characters at the end of `text` may be the beginning of `mark`. */
function lengthOfBeginning(mark: string, text: string): number {
  const first = mark.charAt(0);
  let at = text.indexOf(first, Math.max(0, text.length - mark.length + 1));
  while (at >= 0 && !mark.startsWith(text.slice(at))) at = text.indexOf(first, at + 1);
  return at < 0 ? 0 : text.length - at;
}

/**
 * Searches for the fence that ends a block, piece by piece. Returns the index after it in the
 * piece, or null if the block continues.
 *
 * Strings are tracked, because backticks in a string do not end the block. A fence at the beginning
 * of a line always ends it: a JSON string contains no line break, and a stray quote must not extend
 * the block to the rest of the answer.
 */
function newFenceScan(): (piece: string) => number | null {
  let ticks = 0;
  let inString = false;
  let escaped = false;
  let lineIsBlank = false;

  const isFence = (char: string): boolean => {
    ticks = char === "`" ? ticks + 1 : 0;
    if (ticks === FENCE.length && (lineIsBlank || !inString)) return true;
    if (char === '"' && !escaped) inString = !inString;
    escaped = inString && char === "\\" && !escaped;
    if (char === "\n") lineIsBlank = true;
    else if (char !== "`" && char.trim() !== "") lineIsBlank = false;
    return false;
  };

  return (piece) => {
    for (let at = 0; at < piece.length; at += 1) {
      if (isFence(piece.charAt(at))) return at + 1;
    }
    return null;
  };
}
