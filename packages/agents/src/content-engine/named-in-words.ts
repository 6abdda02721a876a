/**
 * Whether a text names a channel or a stage. In doubt it does: the model then decides, whereas a
 * wish that is not recognized would be lost.
 */
import { channelKey } from "../marketing/channel-key.ts";
import { toKey } from "../marketing/fit-names.ts";
import { CONTENT_CHANNELS, FUNNEL_STAGES } from "../marketing/vocabulary.ts";

/** “Google search ads” are three words for one channel. */
const WORDS_OF_CHANNEL = 3;
/** All channels have Latin names. Some scripts do not separate them by spaces. */
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
