/**
 * Finds a channel among named ones, in any spelling: “E-mail newsletter” is “email”, “LinkedIn” is
 * “linkedin ads”. The same name wins over the same channel, and that over a name which contains the
 * other. In doubt it is among them.
 */
import { channelKey } from "./channel-key.ts";

/** Names as short as “X” are part of too many other names. */
const TELLING_LENGTH = 4;

export function matchChannel(channel: string, named: readonly string[]): string | null {
  const [bare, key] = [toLetters(channel), channelKey(channel)];
  return (
    named.find((name) => name === channel) ??
    named.find((name) => toLetters(name) === bare) ??
    named.find((name) => channelKey(name) === key) ??
    named.find((name) => contains(bare, toLetters(name)) || contains(toLetters(name), bare)) ??
    null
  );
}

function contains(whole: string, part: string): boolean {
  return part.length >= TELLING_LENGTH && whole.includes(part);
}

function toLetters(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
