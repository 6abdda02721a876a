/**
 * Whether words name a channel or a stage to write for. In doubt they do: a word that only looks
 * like one leaves the choice to who reads them, and a wish that is overheard is lost.
 */
import { channelKey } from "../marketing/channel-key.ts";
import { toKey } from "../marketing/fit-names.ts";
import { CONTENT_CHANNELS, FUNNEL_STAGES } from "../marketing/vocabulary.ts";

/** “Google search ads” are three words for one channel. */
const WORDS_OF_CHANNEL = 3;
/** All channels have Latin names, which other scripts put between their words without a space. */
const WORD = /[\p{Script=Latin}\p{N}]+/gu;

export function namesChannel(text: string): boolean {
  const words = text.normalize("NFKC").match(WORD) ?? [];
  return words.some((_, start) =>
    Array.from({ length: WORDS_OF_CHANNEL }, (_, more) =>
      channelKey(words.slice(start, start + 1 + more).join("")),
    ).some((key) => CONTENT_CHANNELS.some((channel) => channel === key)),
  );
}

export function namesStage(text: string): boolean {
  const words = toKey(text).split(" ");
  return FUNNEL_STAGES.some((stage) => words.includes(stage));
}
