/**
 * Reads wishes that a user has put in words: limits of money and time, what is not wanted, and days
 * on which nothing happens. It misses a wish rather than reading one that was not meant.
 */

import { type Blackout, readBlackout } from "./read-blackout.ts";
import { numbersIn } from "./read-number.ts";

export interface Limit {
  readonly value: number;
  /** As the user wrote it. */
  readonly written: string;
}

export interface Wishes {
  readonly money: Limit | null;
  readonly days: Limit | null;
  /** What is not wanted, each as the user wrote it. */
  readonly unwanted: readonly string[];
  readonly blackouts: readonly Blackout[];
}

/** Ends of sentences, but not the dots of “24.12.”, “3. March” and “max.”. */
const SENTENCE = /(?<!\d|\bmax|\bmind|\bca)[.;!?](?=\s|$)|\n|;/;
const AT_MOST =
  /(?<!\p{L})(?:höchstens|maximal|maximum(?: of)?|max\.?|nicht (?:mehr als|über)|bis zu|unter|at most|(?:no|not) more than|up to|under|below|less than|au (?:plus|maximum)|(?:moins|pas plus) de|jusqu['’]à|como (?:máximo|mucho)|máximo(?: de)?|(?:menos|no más) de|hasta)(?!\p{L})/giu;
/** Characters between the words of a limit and its number: a currency. */
const GAP = 6;
/** A limit for each of something is none for the whole. */
const EACH =
  /^\s*(?:€|EUR|USD|GBP|CHF|\$|£|euros?)?\s*(?:per|pro|je|par|por|each|apiece|al|\/)(?!\p{L})/iu;
/** A limit for a part of the work is none for the whole: “a month”, “for Google Ads”. */
const PART =
  /^\s*(?:€|EUR|USD|GBP|CHF|\$|£|euros?|dollars?|pounds?)?\s*(?:im (?:monat|quartal)|in der woche|a (?:month|week)|monthly|weekly|monatlich|wöchentlich|(?:für|for|on|auf|in|pour|sur|para|en)\s+(?!(?:(?:the|den|die|das|le|la|el|this|diesen?|diese)\s+)?(?:whole|entire|ganzen?|gesamte\w*|total|plan|campaign|kampagne|launch|quarter|quartal|project|everything|alles|all|tout|todo)(?!\p{L})))/iu;
const DAYS: readonly (readonly [RegExp, number])[] = [
  [/^\s*(?:days?|tagen?|jours?|días?)(?!\p{L})/iu, 1],
  [/^\s*(?:weeks?|wochen?|semaines?|semanas?)(?!\p{L})/iu, 7],
  [/^\s*(?:months?|monate?n?|mois|mes(?:es)?)(?!\p{L})/iu, 31],
];

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
  const limits = sentences.flatMap(limitsIn);
  return {
    money: limits.find(({ kind }) => kind === "money") ?? null,
    days: limits.find(({ kind }) => kind === "days") ?? null,
    unwanted: [...new Set(others.flatMap(unwantedIn))].slice(0, WISHES_MAX),
    blackouts: blackouts.filter((one) => one !== null),
  };
}

interface KindOfLimit extends Limit {
  readonly kind: "money" | "days";
}

function limitsIn(sentence: string): readonly KindOfLimit[] {
  return [...sentence.matchAll(AT_MOST)].flatMap(({ 0: atMost, index }): KindOfLimit[] => {
    const rest = sentence.slice(index + atMost.length, index + atMost.length + 40);
    const [number] = numbersIn(rest);
    if (!number) return [];
    const at = rest.indexOf(number.written);
    const after = rest.slice(at + number.written.length);
    if (at > GAP || EACH.test(after)) return [];
    const written = `${atMost}${rest.slice(0, at)}${number.written}`;
    if (number.unit === "money") {
      return PART.test(after) ? [] : [{ kind: "money", value: number.value, written }];
    }
    const unit = DAYS.find(([pattern]) => pattern.test(after));
    if (!unit || EACH.test(after.replace(unit[0], ""))) return [];
    const [name = ""] = unit[0].exec(after) ?? [];
    return [{ kind: "days", value: number.value * unit[1], written: written + name }];
  });
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
