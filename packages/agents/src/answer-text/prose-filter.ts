/**
 * Splits a prose answer into its visible text and its blocks, as it arrives.
 *
 * A block opens as `block-start.ts` says. A fenced one closes with three backticks that begin a line
 * or are outside of a JSON string, any other with its last brace. A block that never closes ends
 * with the text. Text that may be the beginning of a block is held back, so prose that was returned
 * is final, and the result does not depend on where the text was cut.
 */
import { type BlockScan, FENCE, newFenceScan, newObjectScan } from "./block-scan.ts";
import { jsonInfoAt, MAY_BEGIN, type Start, startAt } from "./block-start.ts";

interface TaggedBlock {
  /** Empty for a block without a name. */
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

/** The rest of a closing fence's line that belongs to the fence. */
const REST_OF_FENCE = /^`*[ \t\r]*\n?/;
/** The end of prose that would open a block together with other prose. */
const MAY_JOIN = /`+[ \t]*[\w:-]*$/;
/** Characters at the end of the prose that are remembered: a fence with its name. */
const TAIL_LENGTH = 40;
/** A name before the content of a block, as in `json:brand`. */
const TAG = /^[ \t]*([\w-]*)(?=\s|[{[`]|$)/;

export function newProseFilter(): ProseFilter {
  return new Splitter();
}

class Splitter implements ProseFilter {
  readonly blocks: TaggedBlock[] = [];
  #place: "prose" | "fenced" | "object" | "closing" = "prose";
  /** Text that arrived and is not yet known to be prose, block or fence. */
  #held = "";
  #body = "";
  #scan: BlockScan = newFenceScan();
  #tail = "";
  #isAfterBlock = false;

  push(piece: string): string {
    this.#held += piece;
    return this.#advance(false);
  }

  end(): string {
    const prose = this.#advance(true);
    if (this.#place === "fenced" || this.#place === "object") this.#keepBlock(this.#body);
    this.#place = "prose";
    return prose;
  }

  /** At the end, nothing is held back. */
  #advance(atEnd: boolean): string {
    let prose = "";
    for (;;) {
      const place = this.#place;
      if (place === "prose") prose += this.#takeProse(atEnd);
      else if (place === "closing") this.#takeClosing(atEnd);
      else this.#takeBlock();
      if (this.#place === place) return prose;
    }
  }

  #takeProse(atEnd: boolean): string {
    const { at, start } = this.#findStart(atEnd);
    const prose = this.#release(this.#held.slice(0, at));
    this.#held = this.#held.slice(at);
    if (start?.kind === "fence") this.#openBlock("fenced", start.length);
    if (start?.kind === "object") this.#openBlock("object", 0);
    return prose;
  }

  /** The first place that begins a block, or may; the end of the text if there is none. */
  #findStart(atEnd: boolean): { readonly at: number; readonly start: Start | null } {
    MAY_BEGIN.lastIndex = 0;
    for (let match = MAY_BEGIN.exec(this.#held); match; match = MAY_BEGIN.exec(this.#held)) {
      const start = startAt(this.#held, match.index, atEnd);
      if (start.kind !== "prose") return { at: match.index, start };
      MAY_BEGIN.lastIndex = match.index + start.length;
    }
    return { at: this.#held.length, start: null };
  }

  /** The prose before a block and the prose after it must not form a fence together. */
  #release(prose: string): string {
    if (prose === "") return "";
    const mayJoin = this.#isAfterBlock && MAY_JOIN.test(this.#tail);
    const released = mayJoin ? `\n${prose}` : prose;
    this.#isAfterBlock = false;
    this.#tail = (this.#tail + released).slice(-TAIL_LENGTH);
    return released;
  }

  #openBlock(place: "fenced" | "object", opening: number): void {
    this.#held = this.#held.slice(opening);
    this.#isAfterBlock = true;
    this.#body = "";
    this.#scan = place === "fenced" ? newFenceScan() : newObjectScan();
    this.#place = place;
  }

  #takeBlock(): void {
    const past = this.#scan(this.#held);
    this.#body += this.#held.slice(0, past ?? undefined);
    this.#held = past === null ? "" : this.#held.slice(past);
    if (past === null) return;
    const isFenced = this.#place === "fenced";
    this.#keepBlock(isFenced ? this.#body.slice(0, -FENCE.length) : this.#body);
    this.#place = isFenced ? "closing" : "prose";
  }

  /** A fence in place of the closing one may open the next block if the model did not close. */
  #takeClosing(atEnd: boolean): void {
    const info = jsonInfoAt(this.#held, 0, atEnd);
    if (info === "open") return;
    if (info !== null) {
      this.#openBlock("fenced", info);
      return;
    }
    const rest = REST_OF_FENCE.exec(this.#held)?.[0] ?? "";
    if (!atEnd && rest === this.#held && !rest.endsWith("\n")) return;
    this.#held = this.#held.slice(rest.length);
    this.#place = "prose";
  }

  #keepBlock(text: string): void {
    const tag = TAG.exec(text)?.[1] ?? "";
    const body = text.slice(text.indexOf(tag) + tag.length).trim();
    if (tag !== "" || body !== "") this.blocks.push({ tag, body });
  }
}
