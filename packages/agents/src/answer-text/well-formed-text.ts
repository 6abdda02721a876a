/**
 * Sanitizes text so that every downstream part can store it.
 *
 * Postgres rejects NUL, and UTF-8 cannot encode a lone surrogate. A model's text may contain both,
 * and a gateway may split a surrogate pair. Each of them is replaced by one U+FFFD, so offsets do
 * not move. Text is sanitized once, on arrival, before offsets are counted.
 */
import { toWellFormedText } from "@cmo/shared/contract";

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

function endsInHighSurrogate(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
