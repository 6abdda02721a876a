/**
 * Whether a channel is one of the named channels, in any spelling: “E-mail newsletter” is “email”,
 * “LinkedIn” is “linkedin ads”. In doubt it is.
 */
export function isAmongChannels(channel: string, named: readonly string[]): boolean {
  const key = toLetters(channel);
  return named
    .map(toLetters)
    .some((one) => key === one || contains(key, one) || contains(one, key));
}

/** Names as short as “X” are part of too many other names. */
const TELLING_LENGTH = 4;

function contains(whole: string, part: string): boolean {
  return part.length >= TELLING_LENGTH && whole.includes(part);
}

function toLetters(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
