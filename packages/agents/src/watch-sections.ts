/**
 * Says which sections of a JSON answer are finished while it is still being written.
 *
 * The scanner looks at each character once and parses each member of the object once, when it
 * ends; what it says is a preview, and the validated output is the truth. Prose and fences before
 * the object are passed over, and so is the model's habit of wrapping the object in its tag.
 */
import type { WorkEvent } from "@cmo/shared/contract";
import type { Agent } from "./agent.ts";
import { toWellFormedValue } from "./well-formed-text.ts";

export interface SectionWatcher {
  /** What this piece has finished: a `partial` a section, then `progress` if that has changed. */
  push(piece: string): readonly WorkEvent[];
}

export function newSectionWatcher(agent: Pick<Agent, "sections" | "tag">): SectionWatcher {
  const wrapper = agent.tag !== null && !agent.sections.includes(agent.tag) ? agent.tag : null;
  const scanner = new MemberScanner(wrapper);
  const done = new Set<string>();

  return {
    push(piece) {
      const events: WorkEvent[] = [];
      for (const { key, text } of scanner.scan(piece)) {
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
          data: { percent, done: agent.sections.filter((section) => done.has(section)) },
        });
      }
      return events;
    },
  };
}

/** Undefined for a value that only a repair could read: it has no preview. */
function readValue(text: string): unknown {
  try {
    return toWellFormedValue(JSON.parse(text));
  } catch {
    return undefined;
  }
}

interface Member {
  readonly key: string;
  readonly text: string;
}

/**
 * The members of the first object in a growing text.
 *
 * An object is told from a brace in prose by what follows it: a quote.
 */
class MemberScanner {
  readonly #wrapper: string | null;
  #place: "outside" | "after brace" | "object" | "string" | "escape" = "outside";
  /** Braces and brackets that are open within the object; 0 is between its members. */
  #depth = 0;
  /** The text since the current key or value began. */
  #text = "";
  #key: string | null = null;

  constructor(wrapper: string | null) {
    this.#wrapper = wrapper;
  }

  scan(piece: string): Member[] {
    const members: Member[] = [];
    for (const char of piece) {
      const member = this.#step(char);
      if (member) members.push(member);
    }
    return members;
  }

  #step(char: string): Member | null {
    switch (this.#place) {
      case "outside":
      case "after brace":
        this.#seek(char);
        return null;
      case "escape":
        this.#text += char;
        this.#place = "string";
        return null;
      case "string":
        this.#text += char;
        if (char === '"') this.#place = "object";
        if (char === "\\") this.#place = "escape";
        return null;
      case "object":
        return this.#depth === 0 && ":,}".includes(char) ? this.#separate(char) : this.#take(char);
    }
  }

  #seek(char: string): void {
    if (char === "{") {
      this.#place = "after brace";
    } else if (this.#place === "after brace" && char === '"') {
      this.#place = "string";
      this.#begin(char);
    } else if (char.trim() !== "") {
      this.#place = "outside";
    }
  }

  #begin(text: string): void {
    this.#depth = 0;
    this.#key = null;
    this.#text = text;
  }

  /** What stands between the members of the object itself. */
  #separate(char: string): Member | null {
    const text = this.#text.trim();
    const key = this.#key;
    this.#begin("");
    if (char === ":") {
      this.#key = keyOf(text);
      return null;
    }
    if (char === "}") this.#place = "outside";
    return key === null ? null : { key, text };
  }

  #take(char: string): null {
    this.#text += char;
    if (char === '"') this.#place = "string";
    else if (char === "}" || char === "]") this.#depth -= 1;
    else if (char === "{" || char === "[") this.#open(char);
    return null;
  }

  #open(char: string): void {
    const isWrapped = this.#depth === 0 && this.#key !== null && this.#key === this.#wrapper;
    if (isWrapped && char === "{") this.#begin("");
    else this.#depth += 1;
  }
}

function keyOf(text: string): string | null {
  const key = readValue(text);
  return typeof key === "string" ? key : null;
}
