/**
 * Reads wishes that a user has put in words: limits of money and time, what is not wanted, and days
 * on which nothing happens. It misses a wish rather than reading one that was not meant.
 */

import { type Blackout, readBlackout } from "./read-blackout.ts";
import { type Limit, readLimits } from "./read-limits.ts";
import { isKnownToMarketers } from "./unwanted-words.ts";

interface Unwanted {
  readonly what: string;
  /** The channel on which it is not wanted; null for all of them. */
  readonly on: string | null;
  /** As the user wrote it. */
  readonly written: string;
}

export interface Wishes {
  readonly limits: readonly Limit[];
  readonly unwanted: readonly Unwanted[];
  readonly blackouts: readonly Blackout[];
}

/** Ends of sentences, but not the dots of “24.12.”, “3. March” and “max.”. */
const SENTENCE = /(?<!\d|\bmax|\bmind|\bca)[.;!?](?=\s|$)|\n|;/;
/** What comes after these is not wanted. */
const NOT =
  /(?<!\p{L})(?:kein(?:e[mnrs]?)?|niemals|no|never|pas de|aucune?|jamais de|ning[uú]na?|nada de)\s+(?=\p{L})|(?<!\p{L})pas d['’](?=\p{L})/giu;
/** What comes after these is not wanted, and so is what “and” adds. */
const AVOID =
  /(?<!\p{L})(?:avoid|stay away from|(?:do not|don['’]t) (?:use|want)(?:\sany)?|verzichte[nt]? auf|nicht (?:auf|über|per)|vermeide[nt]?|évite[rz]?(?: les| la| le)?|ne (?:veut|voulons|veux) pas de|no (?:quiero|queremos|usar|uses|usen)|evita[rd]?(?: los| las)?)\s+(?=\p{L})/giu;
/** After these, only what every marketer knows is a wish: the rest describes what is sold. */
const WITHOUT = /(?<!\p{L})(?:without|ohne|sans|sin)\s+(?=\p{L})/giu;
/** The words of what is not wanted end before these. */
const ENDS =
  /^(?:a|am|an|and|as|at|auf|aus|before|bei|bitte|but|by|con|during|en|et|for|from|für|gracias|im|in|merci|mit|ni|noch|nor|o|oder|on|or|ou|para|per|please|por|posten|pour|s['’]il|sur|the|to|u|und|until|verwenden|via|von|während|when|where|with|y|zu|zum|zur|über)$/i;
const OR = /^\s*(?:or|nor|oder|noch|ou|ni|o)\s+/i;
const AND = /^\s*(?:or|nor|oder|noch|ou|ni|o|and|und|et|y)\s+/i;
/** Words after “no” that make it a figure of speech, or a limit. */
const NO_WISH =
  /^(?:more|less|later|longer|fewer|idea|time|need|matter|one|problem|doubt|than|other|further|mehr|weniger|später|länger|ahnung|zeit|lust|problem|frage|anderen?|weitere\w*|plus|moins|doute|más|menos|problema|duda|otr[oa]s?|limits?|preference|präferenz\w*|launch\w*|start\w*|(?:gro(?:ß|ss)e[mnrs]? )?budgets?|money|geld|argent|dinero|deadline\w*|frist\w*|posts?|kampagnen?|campaigns?|campagnes?|campañas?|content|texte?n?|inhalte?|gro(?:ß|ss)e[mnrs]?|big|rush|eile|prisa|quer\w+|quiero|us(?:ar|es|en))$/i;
/** A time after what is not wanted: it is wanted at others. */
const AT_TIMES =
  /^\s*(?:an|am|im|in|on|at|over|during|before|after|between|zwischen|vor|nach|während|until|bis|pendant|avant|après|entre|durante|antes de|los|les|le|el|en)\s+(?:the |den |der |dem |les |los )?(?:\d|week\w*|woche\w*|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|montag\w*|dienstag\w*|mittwoch\w*|donnerstag\w*|freitag\w*|samstag\w*|sonntag\w*|holidays?|feiertag\w*|ferien|vacances|vacaciones|fines? de semana|dimanche\w*|domingo\w*|abend\w*|evening\w*|morning\w*|night\w*|nacht\w*)/i;
/** A channel after what is not wanted: it is wanted on others. */
const ON_CHANNEL = /^\s+(?:on|auf|bei|sur|en|in)\s+(\p{Lu}[\p{L}-]*)/u;
const WORDS_MAX = 3;
const WISHES_MAX = 12;

export function readWishes(words: string): Wishes {
  const sentences = words.split(SENTENCE).filter((sentence) => sentence.trim() !== "");
  const blackouts = sentences.map(readBlackout);
  const others = sentences.filter((_, i) => blackouts[i] === null);
  return {
    limits: sentences.flatMap(readLimits),
    unwanted: others.flatMap(unwantedIn).slice(0, WISHES_MAX),
    blackouts: blackouts.filter((one) => one !== null),
  };
}

function unwantedIn(sentence: string): readonly Unwanted[] {
  return [
    ...phrasesAfter(sentence, NOT, OR),
    ...phrasesAfter(sentence, AVOID, AND),
    ...phrasesAfter(sentence, WITHOUT, OR).filter(({ what }) => isKnownToMarketers(what)),
  ];
}

function phrasesAfter(sentence: string, not: RegExp, joins: RegExp): readonly Unwanted[] {
  return [...sentence.matchAll(not)].flatMap(({ 0: words, index }) => {
    const found: Unwanted[] = [];
    let rest = sentence.slice(index + words.length);
    for (;;) {
      const what = phraseOf(rest);
      if (what === null) return found;
      const after = rest.slice(what.length);
      if (AT_TIMES.test(after)) return found;
      const [place = "", on = null] = ON_CHANNEL.exec(after) ?? [];
      found.push({ what, on, written: what + place });
      const [joined] = joins.exec(after) ?? [];
      if (joined === undefined) return found;
      rest = after.slice(joined.length);
    }
  });
}

/** The first words, up to a mark or a preposition. */
function phraseOf(text: string): string | null {
  const [upToMark = ""] = /^[^,:()–—"“”„!?]*/.exec(text) ?? [];
  const words = upToMark.split(/\s+/);
  const end = words.findIndex((word) => ENDS.test(word));
  const kept = words.slice(0, Math.min(end < 0 ? words.length : end, WORDS_MAX));
  const phrase = kept.join(" ").trim();
  return phrase.length < 2 || NO_WISH.test(kept[0] ?? "") ? null : phrase;
}
