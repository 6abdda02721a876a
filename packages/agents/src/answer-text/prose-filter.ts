/**
 * Parts an answer for people into its prose and its tagged blocks, as it arrives.
 *
 * A block opens with three backticks and `json:<tag>`, anywhere, and closes with three backticks
 * that begin a line or stand outside of a JSON string; one that never closes ends with the text.
 * Whatever might still turn out to be a fence is held back, so prose once let through is final,
 * and the parts do not depend on where the text was cut.
 */
export interface TaggedBlock {
  readonly tag: string;
  readonly body: string;
}

export interface ProseFilter {
  /** The prose that this piece has made certain. */
  push(piece: string): string;
  /** The prose that was still held back, now that nothing follows. */
  end(): string;
  /** The blocks that have closed, in order; all of them after `end`. */
  readonly blocks: readonly TaggedBlock[];
}

const FENCE = "```";
const INFO = "json:";
const OPENING = FENCE + INFO;
/** What of a closing fence's line is part of the fence. */
const REST_OF_FENCE = /^`*[ \t\r]*\n?/;

export function newProseFilter(): ProseFilter {
  return new Splitter();
}

class Splitter implements ProseFilter {
  readonly blocks: TaggedBlock[] = [];
  #place: "prose" | "block" | "closing" = "prose";
  /** What has arrived and is not yet told to be prose, block or fence. */
  #held = "";
  #body = "";
  #scan = newFenceScan();
  /** The end of the prose that was let through, no longer than a fence. */
  #told = "";
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

  /** At the end nothing is waited for any more. */
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
    const prose = this.#tell(this.#held.slice(0, length));
    this.#held = this.#held.slice(length);
    if (opening >= 0) this.#openBlock(OPENING);
    return prose;
  }

  /** What stood before a block and what stands behind it must not make a fence together. */
  #tell(prose: string): string {
    if (prose === "") return "";
    const mayJoin = this.#isAfterBlock && lengthOfBeginning(OPENING, this.#told) > 0;
    const told = mayJoin ? `\n${prose}` : prose;
    this.#isAfterBlock = false;
    this.#told = (this.#told + told).slice(-OPENING.length);
    return told;
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

  /** A fence that should close may open the next block instead, if a model forgot to close. */
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
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length -= 1) {
    if (mark.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

/**
 * Looks for the fence that ends a block, piece by piece. Answers the index past it in the piece,
 * or null when the block goes on.
 *
 * A string is tracked so that backticks in it do not end the block; a fence at the beginning of
 * a line always does, since a JSON string holds no line break, and a stray quote must not make
 * the block swallow the rest of the answer.
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
