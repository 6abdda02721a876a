import { expect, test } from "vitest";
import { LANGUAGES } from "./languages/languages.ts";
import { newWordReader, toPlainWord } from "./read-word.ts";
import {
  CAMPAIGN_GOALS,
  CONTENT_CHANNELS,
  CONTENT_TYPES,
  CTA_INTENTS,
  FUNNEL_STAGES,
  FUNNEL_TYPES,
  LEVELS,
  MEASUREMENTS,
  MILESTONE_METRICS,
  OFFER_TYPES,
} from "./vocabulary.ts";

const readLevel = newWordReader(LEVELS);

test.each([
  ["HIGH", "high"],
  ["very high", "high"],
  ["hoch", "high"],
  ["mittel", "medium"],
  ["moderate", "medium"],
  ["Très élevé", "high"],
  ["muy bajo", "low"],
  ["faible (2/10)", "low"],
  ["1 (high)", "high"],
])("%s is the level %s", (text, level) => {
  expect(readLevel(text)).toBe(level);
});

test.each(["", "it depends", "low to high", "A", "highly unusual words of a long sentence"])(
  "%j is no level",
  (text) => {
    expect(readLevel(text)).toBeNull();
  },
);

test("a variant is named by its letter", () => {
  const read = newWordReader(["A", "B"] as const);

  expect(["Variant A", "variante b", "Version B: the short one", "a"].map(read)).toEqual([
    "A",
    "B",
    "B",
    "A",
  ]);
  expect(["C", "A/B", "both"].map(read)).toEqual([null, null, null]);
});

test("a word beside it that says what it is changes nothing", () => {
  const read = newWordReader(FUNNEL_STAGES);

  expect(["Consideration-Phase", "Stufe Awareness", "conversion stage"].map(read)).toEqual([
    "consideration",
    "awareness",
    "conversion",
  ]);
});

test("words of another vocabulary may stand for those of this one", () => {
  const read = newWordReader(["primary", "secondary"], { high: "primary", medium: "secondary" });

  expect(["hoch", "mittel", "principal", "low"].map(read)).toEqual([
    "primary",
    "secondary",
    "primary",
    null,
  ]);
});

const VOCABULARIES: readonly (readonly string[])[] = [
  CAMPAIGN_GOALS,
  CONTENT_CHANNELS,
  CONTENT_TYPES,
  CTA_INTENTS,
  FUNNEL_STAGES,
  FUNNEL_TYPES,
  LEVELS,
  MEASUREMENTS,
  MILESTONE_METRICS,
  OFFER_TYPES,
  ["paid", "organic", "owned", "earned"],
  ["primary", "secondary", "supporting"],
  ["none", "minimal", "moderate"],
  ["healthy", "needs_attention", "critical"],
  ["info", "warning", "critical"],
  ["improving", "declining", "stable"],
  ["above", "at", "below"],
  ["campaign", "funnel", "channel", "content", "audience"],
  ["performance", "budget", "targeting", "content", "timing", "technical"],
];

test.each(VOCABULARIES.map((words) => [words]))(
  "each synonym of %j has one reading, in whatever language",
  (words) => {
    const read = newWordReader(words);

    for (const { synonyms } of LANGUAGES) {
      for (const word of words) {
        const others = Object.hasOwn(synonyms, word) ? (synonyms[word] ?? []) : [];
        // The name of another word of the vocabulary is that word.
        const own = others.filter((one) => !words.map(toPlainWord).includes(toPlainWord(one)));
        expect(own.map((one) => [one, read(one)])).toEqual(own.map((one) => [one, word]));
      }
    }
  },
);

test.each(LANGUAGES.map((language) => [language.code, language] as const))(
  "%s has synonyms of known words only, twelve months and no word twice",
  (_, { synonyms, months }) => {
    const known = new Set(VOCABULARIES.flat());

    expect(Object.keys(synonyms).filter((word) => !known.has(word))).toEqual([]);
    expect(months).toHaveLength(12);
    expect(new Set(months.flat()).size).toBe(months.flat().length);
    for (const words of Object.values(synonyms)) {
      expect(new Set(words.map(toPlainWord)).size).toBe(words.length);
    }
  },
);
