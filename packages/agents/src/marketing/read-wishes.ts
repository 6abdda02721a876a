/**
 * Reads wishes that a user has put in words: limits of money and time, what is not wanted, and days
 * on which nothing happens. It misses a wish rather than reading one that was not meant.
 */

import { type Blackout, readBlackout } from "./read-blackout.ts";
import { type Limit, readLimits } from "./read-limits.ts";

export interface Wishes {
  readonly limits: readonly Limit[];
  /** What is not wanted, each as the user wrote it. */
  readonly unwanted: readonly string[];
  readonly blackouts: readonly Blackout[];
}

/** Ends of sentences, but not the dots of “24.12.”, “3. March” and “max.”. */
const SENTENCE = /(?<!\d|\bmax|\bmind|\bca)[.;!?](?=\s|$)|\n|;/;
const NOT =
  /(?<!\p{L})(?:kein(?:e[mnrs]?)?|ohne|niemals|no|without|never|avoid|pas de|sans|aucune?|jamais de|sin|ning[uú]na?|nada de)\s+(?=\p{L})|(?<!\p{L})pas d['’](?=\p{L})/giu;
/** The words of what is not wanted end before these. */
const ENDS =
  /^(?:a|am|an|and|as|at|auf|aus|before|bei|but|by|con|during|en|et|for|from|für|im|in|mit|ni|noch|nor|o|oder|on|or|ou|para|per|por|pour|sur|the|to|u|und|until|via|von|während|when|where|with|y|zu|zum|zur|über)$/i;
const AND_NOT = /^\s*(?:or|nor|oder|noch|ou|ni|o)\s+/i;
/** Words after “no” that make it a figure of speech, or a limit. */
const NO_WISH =
  /^(?:more|less|later|longer|fewer|idea|time|need|matter|one|problem|doubt|than|other|further|mehr|weniger|später|länger|ahnung|zeit|lust|problem|frage|anderen?|weitere\w*|plus|moins|doute|más|menos|problema|duda|otr[oa]s?|limits?|preference|präferenz\w*|launch\w*|start\w*)$/i;
const WORDS_MAX = 3;
const WISHES_MAX = 12;

export function readWishes(words: string): Wishes {
  const sentences = words.split(SENTENCE).filter((sentence) => sentence.trim() !== "");
  const blackouts = sentences.map(readBlackout);
  const others = sentences.filter((_, i) => blackouts[i] === null);
  return {
    limits: sentences.flatMap(readLimits),
    unwanted: [...new Set(others.flatMap(unwantedIn))].slice(0, WISHES_MAX),
    blackouts: blackouts.filter((one) => one !== null),
  };
}

function unwantedIn(sentence: string): readonly string[] {
  return [...sentence.matchAll(NOT)].flatMap(({ 0: not, index }) => {
    const found: string[] = [];
    let rest = sentence.slice(index + not.length);
    for (;;) {
      const phrase = phraseOf(rest);
      if (phrase === null) return found;
      found.push(phrase);
      const after = rest.slice(phrase.length);
      const [joined] = AND_NOT.exec(after) ?? [];
      if (joined === undefined) return found;
      rest = after.slice(joined.length);
    }
  });
}

/** The first words, up to a mark or a preposition. */
function phraseOf(text: string): string | null {
  const [upToMark = ""] = /^[^,:()–—"“”„]*/.exec(text) ?? [];
  const words = upToMark.split(/\s+/);
  const end = words.findIndex((word) => ENDS.test(word));
  const kept = words.slice(0, Math.min(end < 0 ? words.length : end, WORDS_MAX));
  const phrase = kept.join(" ").trim();
  return phrase.length < 2 || NO_WISH.test(kept[0] ?? "") ? null : phrase;
}
