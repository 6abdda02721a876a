/**
 * Makes text from outside storable, where it enters.
 *
 * Postgres rejects NUL, and UTF-8 cannot encode a lone surrogate. Each of them is replaced by one
 * U+FFFD, so offsets do not move.
 */

/** `max` is in UTF-16 code units. A surrogate pair is kept whole or left out. */
export function toBoundedText(text: string, max: number): string {
  if (text.length <= max) return toWellFormedText(text);
  const splitsPair = isHighSurrogate(text, max - 1) && isLowSurrogate(text, max);
  return toWellFormedText(text.slice(0, splitsPair ? max - 1 : max));
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

function isHighSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
