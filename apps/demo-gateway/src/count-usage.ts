/** The usage of an answer, as a gateway reports it: counted with the tokenizer of OpenAI's current models. */
import { countTokens, setMergeCacheSize } from "gpt-tokenizer/encoding/o200k_base";

/** The envelope of a message: its role, its beginning and its end. */
const MESSAGE_TOKENS = 4;
/** Counting takes the square of such a run's length. It is made by a fault, and nobody is billed for it. */
const LONG_RUN = /\S{256}/;
const TEXT_MAX = 200_000;
const CHARS_PER_TOKEN = 4;
/** Answers repeat, and so do most of the messages that ask for them. */
const REMEMBERED = 200;
const AS_TEXT = { disallowedSpecial: new Set<string>() };

setMergeCacheSize(10_000);
const known = new Map<string, number>();

export interface CountedMessage {
  readonly content: string;
}

export function countUsage(messages: readonly CountedMessage[], answer: string) {
  const sent = messages.reduce(
    (total, { content }) => total + countText(content) + MESSAGE_TOKENS,
    0,
  );
  const received = countText(answer);
  return { prompt_tokens: sent, completion_tokens: received, total_tokens: sent + received };
}

export function countText(text: string): number {
  const remembered = known.get(text);
  if (remembered !== undefined) return remembered;
  const isUnusual = text.length > TEXT_MAX || LONG_RUN.test(text);
  const tokens = isUnusual ? Math.ceil(text.length / CHARS_PER_TOKEN) : countTokens(text, AS_TEXT);
  const oldest = known.keys().next();
  if (known.size >= REMEMBERED && !oldest.done) known.delete(oldest.value);
  known.set(text, tokens);
  return tokens;
}
