/**
 * Doubts how the texts speak: their language and form of address, words that the brand avoids, and
 * what the request says in words.
 */
import { doubt, type Finding } from "../agent/finding.ts";
import { doubtsOfTexts } from "../marketing/doubts-of-texts.ts";
import type { LocatedText } from "../marketing/unproven-claims.ts";
import { newMentionReader } from "../marketing/unwanted-words.ts";
import type { ContentEngineContext } from "./context.ts";

/** What brands write about a form of address that is asked for by its pronoun. */
const IN_WORDS: Readonly<Record<string, string>> = {
  du: "duzen",
  sie: "siezen",
  tu: "tutoyer",
  vous: "vouvoyer",
  tú: "tutear",
};

export function checkVoice(
  texts: readonly LocatedText[],
  { asked, brand, segment, offer, workspace }: ContentEngineContext,
): readonly Finding[] {
  const { formOfAddress, wordsToAvoid } = asked.voice;
  const form = formOfAddress && (IN_WORDS[formOfAddress.toLowerCase()] ?? formOfAddress);
  // The form that is asked for replaces the one in the brand's profile.
  const voice = form
    ? { ...brand, brand_voice: form, brand_tone: null, brand_personality: null }
    : brand;
  return [
    ...wordsToAvoid.flatMap((word) => mentionsOf(word, texts)),
    ...doubtsOfTexts(
      { texts, published: texts, words: [asked.words], own: [segment, offer] },
      { brand: voice, workspace },
    ),
  ];
}

function mentionsOf(word: string, texts: readonly LocatedText[]): readonly Finding[] {
  const read = newMentionReader(word);
  return texts.flatMap(({ path, text }) => {
    const found = read(text);
    if (found === null) return [];
    return [
      doubt("asked", path, `“${found}” is among the words that the brand avoids (“${word}”).`),
    ];
  });
}
