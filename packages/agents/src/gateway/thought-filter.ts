/**
 * Removes the thoughts that some models write into their answer: `<think>…</think>`.
 *
 * A block counts only where it begins a line. A line break within a JSON string is escaped, so the
 * texts of a JSON answer are never touched.
 */
const TAGS = ["think", "thinking", "thought"] as const;
const OPENING = TAGS.map((tag) => `<${tag}>`);
const LONGEST = Math.max(...OPENING.map((tag) => tag.length));

export interface ThoughtFilter {
  /** Returns the text that is not a thought. What may be the beginning of a tag is held back. */
  push(piece: string): string;
  /** Returns the text that was held back. Nothing may be pushed afterwards. */
  end(): string;
}

export function newThoughtFilter(): ThoughtFilter {
  let held = "";
  /** The tag that ends the current thought; null outside of one. */
  let closing: string | null = null;
  let atLineStart = true;
  /** White space between a thought and the text belongs to neither. */
  let afterThought = false;

  function take(text: string): string {
    if (closing === null) return takeText(text);
    const end = text.toLowerCase().indexOf(closing);
    if (end < 0) {
      held = text.slice(1 - closing.length);
      return "";
    }
    const rest = text.slice(end + closing.length);
    closing = null;
    atLineStart = true;
    afterThought = true;
    return takeText(rest);
  }

  function takeText(given: string): string {
    const text = afterThought ? given.trimStart() : given;
    if (text === "") return "";
    afterThought = false;
    const at = findTag(text, atLineStart);
    if (at < 0) {
      atLineStart = endsAtLineStart(text, atLineStart);
      return text;
    }
    const before = text.slice(0, at);
    const start = text.slice(at, at + LONGEST).toLowerCase();
    const opening = OPENING.find((tag) => start.startsWith(tag));
    atLineStart = true;
    if (opening === undefined) {
      held = text.slice(at);
      return before;
    }
    closing = `</${opening.slice(1)}`;
    return before + take(text.slice(at + opening.length));
  }

  return {
    push(piece) {
      // Nearly every piece is of this kind: it cannot begin a thought, and none is open.
      if (!atLineStart && held === "" && closing === null && !piece.includes("\n")) return piece;
      const text = held + piece;
      held = "";
      return take(text);
    },
    end() {
      const rest = closing === null ? held : "";
      held = "";
      return rest;
    },
  };
}

/** Where an opening tag, or the beginning of one at the end of the text, begins a line; else -1. */
function findTag(text: string, atLineStart: boolean): number {
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at + 1)) {
    if (!endsAtLineStart(text.slice(0, at), atLineStart)) continue;
    const start = text.slice(at, at + LONGEST).toLowerCase();
    if (OPENING.some((tag) => start.startsWith(tag) || tag.startsWith(start))) return at;
  }
  return -1;
}

/** Whether what follows the text begins a line, white space aside. */
function endsAtLineStart(text: string, atLineStart: boolean): boolean {
  const lineBreak = text.lastIndexOf("\n");
  return (lineBreak >= 0 || atLineStart) && text.slice(lineBreak + 1).trim() === "";
}
