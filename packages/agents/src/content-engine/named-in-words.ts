/**
 * Whether a text names a channel or a stage. In doubt it does: the model then decides, whereas a
 * wish that is not recognized would be lost.
 */
import { toKey } from "../marketing/fit-names.ts";
import { FUNNEL_STAGES } from "../marketing/vocabulary.ts";
import { formOf } from "./content-channel.ts";

/** “Google search ads” are three words for one channel. */
const WORDS_OF_CHANNEL = 3;
/** All channels have Latin names. Some scripts do not separate them by spaces. */
const WORD = /[\p{Script=Latin}\p{N}]+/gu;

export function namesChannel(text: string): boolean {
  return channelsIn(text, (name) => formOf(name) !== null).length > 0;
}

/** The parts of a text that name a channel, in their order. */
export function channelsIn(text: string, isChannel: (name: string) => boolean): readonly string[] {
  const words = text.normalize("NFKC").match(WORD) ?? [];
  return words.flatMap((_, start) =>
    Array.from({ length: WORDS_OF_CHANNEL }, (_, more) =>
      words.slice(start, start + 1 + more).join(""),
    ).filter(isChannel),
  );
}

export function namesStage(text: string): boolean {
  const words = toKey(text).split(" ");
  return FUNNEL_STAGES.some((stage) => words.includes(stage));
}
