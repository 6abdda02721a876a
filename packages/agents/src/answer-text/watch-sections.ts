/**
 * Reports which sections of a JSON answer are finished while it is still being written.
 *
 * The scanner reads each character once and keeps pieces, never single characters. Each section is
 * parsed once, when it ends; `npm run bench:parse` measures the cost. The reported values are a
 * preview; the validated output is authoritative. Prose and fences before the object are skipped,
 * and so is a wrapper named after the agent's tag.
 */

import type { WorkEvent } from "@cmo/shared/contract";
import { toWellFormedValue } from "@cmo/shared/contract";
import type { Agent } from "../agent/define-agent.ts";

export interface SectionWatcher {
  /** One `partial` per section that this piece finished, then `progress` if there was any. */
  push(piece: string): readonly WorkEvent[];
  /** The finished sections, in the agent's order. */
  readonly finished: readonly string[];
}

const NOTHING: readonly never[] = [];

export function newSectionWatcher(agent: Pick<Agent, "sections" | "tag">): SectionWatcher {
  const wrapper = agent.tag !== null && !agent.sections.includes(agent.tag) ? agent.tag : null;
  const scanner = new MemberScanner(wrapper);
  const done = new Set<string>();
  const finished = () => agent.sections.filter((section) => done.has(section));

  return {
    push(piece) {
      const members = scanner.scan(piece);
      // Most pieces finish no section.
      if (members.length === 0) return NOTHING;
      const events: WorkEvent[] = [];
      for (const { key, text } of members) {
        if (!agent.sections.includes(key) || done.has(key)) continue;
        const value = readValue(text);
        if (value === undefined) continue;
        done.add(key);
        events.push({ type: "partial", data: { path: key, value } });
      }
      if (events.length > 0) {
        const percent = Math.round((100 * done.size) / agent.sections.length);
        events.push({
          type: "progress",
          data: { percent, done: finished() },
        });
      }
      return events;
    },
    get finished() {
      return finished();
    },
  };
}

/** Undefined for a value that is not valid JSON: it has no preview. */
function readValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // The text is already well-formed; only an escape can decode to something that is not.
    return text.includes("\\u") ? toWellFormedValue(value) : value;
  } catch {
    return undefined;
  }
}

interface Member {
  readonly key: string;
  readonly text: string;
}

type Place = "outside" | "after brace" | "object" | "string" | "escape";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

/**
 * The members of the first object in a growing text.
 *
 * A brace begins an object only if a quote follows it; otherwise it is part of the prose.
 */
class MemberScanner {
  readonly #wrapper: string | null;
  #place: Place = "outside";
  /** The number of open braces and brackets within the object; 0 between its members. */
  #depth = 0;
  #key: string | null = null;
  /** The part of the current key or value that earlier pieces contained. */
  #held = "";
  #piece = "";
  /** Where the current key or value continues in the piece, and how far the piece is read. */
  #from = 0;
  #at = 0;
  /** The members of this piece only. Appended in place: a piece may contain any number. */
  #members: Member[] = [];

  constructor(wrapper: string | null) {
    this.#wrapper = wrapper;
  }

  scan(piece: string): readonly Member[] {
    this.#piece = piece;
    this.#from = 0;
    this.#at = 0;
    if (this.#members.length > 0) this.#members = [];
    while (this.#at < piece.length) this.#advance();
    if (this.#place !== "outside" && this.#place !== "after brace") {
      this.#held += piece.slice(this.#from);
    }
    return this.#members;
  }

  /** Reads up to the next character that changes the place. */
  #advance(): void {
    switch (this.#place) {
      case "outside":
        this.#seekBrace();
        return;
      case "after brace":
        this.#seekQuote();
        return;
      case "escape":
        this.#at += 1;
        this.#place = "string";
        return;
      case "string":
        this.#readString();
        return;
      case "object":
        this.#readObject();
    }
  }

  #seekBrace(): void {
    const brace = this.#piece.indexOf("{", this.#at);
    this.#at = brace < 0 ? this.#piece.length : brace + 1;
    if (brace >= 0) this.#place = "after brace";
  }

  #seekQuote(): void {
    const char = this.#piece.charAt(this.#at);
    if (char === '"') {
      this.#begin(this.#at);
      this.#place = "string";
    } else if (char !== "{" && char.trim() !== "") {
      this.#place = "outside";
    }
    this.#at += 1;
  }

  #begin(from: number): void {
    this.#depth = 0;
    this.#key = null;
    this.#held = "";
    this.#from = from;
  }

  #readString(): void {
    const piece = this.#piece;
    for (let at = this.#at; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code !== QUOTE && code !== BACKSLASH) continue;
      this.#place = code === QUOTE ? "object" : "escape";
      this.#at = at + 1;
      return;
    }
    this.#at = piece.length;
  }

  #readObject(): void {
    const piece = this.#piece;
    for (let at = this.#at; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code === QUOTE) {
        this.#place = "string";
      } else if (this.#depth === 0 && (code === COLON || code === COMMA || code === CLOSE_BRACE)) {
        this.#separate(code, at);
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        this.#depth -= 1;
        continue;
      } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        this.#open(code, at);
        continue;
      } else {
        continue;
      }
      this.#at = at + 1;
      return;
    }
    this.#at = piece.length;
  }

  /** Handles a separator between the members of the object itself. */
  #separate(code: number, at: number): void {
    const text = this.#held + this.#piece.slice(this.#from, at);
    const key = this.#key;
    this.#begin(at + 1);
    if (code === COLON) {
      this.#key = keyOf(text);
      return;
    }
    if (code === CLOSE_BRACE) this.#place = "outside";
    if (key !== null) this.#members.push({ key, text });
  }

  #open(code: number, at: number): void {
    const isWrapped = this.#depth === 0 && this.#key !== null && this.#key === this.#wrapper;
    if (isWrapped && code === OPEN_BRACE) this.#begin(at + 1);
    else this.#depth += 1;
  }
}

function keyOf(text: string): string | null {
  const key = readValue(text);
  return typeof key === "string" ? key : null;
}
