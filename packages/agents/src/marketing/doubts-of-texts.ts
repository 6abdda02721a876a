/**
 * The doubts about the texts of an answer: their language, how they address their reader, what the
 * request said in words, and the names of competitors.
 */
import type { Finding } from "../agent/finding.ts";
import { foreignTexts, wrongAddress } from "./check-language.ts";
import { namedCompetitors, unmetWishes, type WishedFor } from "./unmet-wishes.ts";
import { type LocatedText, textsOf } from "./unproven-claims.ts";

interface Setting {
  readonly workspace: { readonly language: string };
  readonly brand: Voice | null;
}

interface Voice {
  readonly brand_voice: string | null;
  readonly brand_tone: string | null;
  readonly brand_personality: unknown;
  readonly competitors: unknown;
}

export interface Doubted extends WishedFor {
  /** Texts that customers read. */
  readonly published: readonly LocatedText[];
  /** The request, in the user's own words. */
  readonly words: readonly (string | null | undefined)[];
  /** What the workspace says of itself: a brand that names a rival in its own words may do so. */
  readonly own?: readonly unknown[];
}

export function doubtsOfTexts(given: Doubted, { workspace, brand }: Setting): Finding[] {
  const words = given.words.filter((one) => typeof one === "string").join("\n");
  const { language } = workspace;
  const voice = brand ? [brand.brand_voice, brand.brand_tone, String(brand.brand_personality)] : [];
  const { competitors = null, ...own } = brand ?? {};
  const ownWords = textsOf([own, given.own ?? []]).map(({ text }) => text);
  return [
    ...foreignTexts(given.texts, { language, words }),
    ...wrongAddress(given.published, voice, language),
    ...unmetWishes(words, given),
    ...namedCompetitors(given.published, competitors, [words, ...ownWords].join("\n")),
  ];
}
