/**
 * Sanitizes text so that every downstream part can store it.
 *
 * Postgres rejects NUL, and UTF-8 cannot encode a lone surrogate. A model's text may contain both,
 * and a gateway may split a surrogate pair. Each of them is replaced by one U+FFFD, so offsets do
 * not move. Text is sanitized once, on arrival, before offsets are counted.
 */
export interface TextSanitizer {
  /** Returns the text that is final. A trailing high surrogate is held back until the next piece. */
  push(piece: string): string;
  /** Returns the text that was held back. Nothing may be pushed afterwards. */
  end(): string;
}

export function newTextSanitizer(): TextSanitizer {
  let held = "";
  return {
    push(piece) {
      const text = held + piece;
      held = endsInHighSurrogate(text) ? text.slice(-1) : "";
      return toWellFormedText(held ? text.slice(0, -1) : text);
    },
    end() {
      const rest = toWellFormedText(held);
      held = "";
      return rest;
    },
  };
}

export function toWellFormedText(text: string): string {
  // guards G1, G9: text that can be stored
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

/** Sanitizes a parsed value: escapes such as `\u0000` and `\ud800` take effect when parsed. */
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
