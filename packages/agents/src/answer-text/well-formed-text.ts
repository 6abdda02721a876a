/**
 * Text that every part downstream can hold.
 *
 * Postgres refuses NUL, and UTF-8 has no half of a surrogate pair; a model's text may carry both,
 * and a gateway may cut between two halves. What cannot be held becomes U+FFFD, one for one, so
 * that no offset moves. It is applied once, where text arrives, before offsets are counted.
 */
export interface TextMender {
  /** What of the text so far is certain. A high surrogate at the end waits for its other half. */
  push(piece: string): string;
  /** What still waited, now that nothing follows. */
  end(): string;
}

export function newTextMender(): TextMender {
  let waiting = "";
  return {
    push(piece) {
      const text = waiting + piece;
      waiting = endsInHighSurrogate(text) ? text.slice(-1) : "";
      return toWellFormedText(waiting ? text.slice(0, -1) : text);
    },
    end() {
      const rest = toWellFormedText(waiting);
      waiting = "";
      return rest;
    },
  };
}

export function toWellFormedText(text: string): string {
  // guards G1, G9: text that can be stored
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

/** The same for a parsed value, whose `\u0000` and `\ud800` were harmless until they were parsed. */
export function toWellFormedValue(value: unknown): unknown {
  if (typeof value === "string") return toWellFormedText(value);
  if (Array.isArray(value)) return value.map(toWellFormedValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      toWellFormedText(key),
      toWellFormedValue(member),
    ]),
  );
}

function endsInHighSurrogate(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
