/**
 * Reads the lengths that a request names in words: “about 150 words”, “80 bis 120 Wörter”, “au moins
 * 1 500 mots”. It misses one rather than reading one that is meant for a headline or for all texts
 * together.
 */
import { formOf } from "./content-channel.ts";
import { channelsIn } from "./named-in-words.ts";

export interface AskedLength {
  /** The channel that the words name, by its form or its letters; null if they name none. */
  readonly channel: string | null;
  readonly from: number;
  readonly to: number;
  /** As the user wrote it. */
  readonly written: string;
}

const NUMBER = "(\\d{1,3}(?:[.,'’\\s]\\d{3})+|\\d{1,5})";
const TO = "(?:-|–|to|bis|à|a|and|und|et|y|or|oder)";
const WORDS = "(?:words?|wörtern?|wörter|wort|mots?|palabras?)";
const LENGTH = new RegExp(
  `(?<![\\p{L}\\p{N}.,])${NUMBER}(?:\\s*${TO}\\s*${NUMBER})?[\\s-]*${WORDS}(?!\\p{L})`,
  "giu",
);
const AT_MOST =
  /(?:höchstens|maximal|max(?:imum)?\.?|at most|(?:no|not) more than|up to|under|below|less than|bis zu|nicht mehr als|unter|au (?:plus|maximum)|moins de|jusqu['’]à|como máximo|menos de|hasta)\s*$/iu;
const AT_LEAST =
  /(?:at least|over|more than|mindestens|min\.?|über|mehr als|au moins|plus de|al menos|como mínimo|más de)\s*$/iu;
/** Parts of a text that have lengths of their own, and sums. */
const OF_PART =
  /headlines?|(?<!\p{L})titles?|titel|überschrift|betreff|subject|sentence|s[aä]tz|paragraph|absatz|abs[aä]tze|titres?|objet|phrases?|título|asunto|frases?|(?<!\p{L})cta|hook|intro|teaser|description|caption|in total|insgesamt|altogether|all together|zusammen|au total|en total/iu;
/** Channels outside of the vocabulary that words name. */
const OTHER_CHANNELS =
  /^(?:whatsapp|pinterest|xing|telegram|signal|threads|mastodon|bluesky|sms)$/i;
/** Ends of clauses, but not the marks within numbers. */
const CLAUSE = /[.;!?](?=\s|$)|\n|,(?!\d)/;
/** Fewer words are a figure of speech, such as “in a few words”. */
const FEWEST = 10;

export function readAskedLengths(words: string): readonly AskedLength[] {
  return words
    .split(CLAUSE)
    .filter((clause) => !OF_PART.test(clause))
    .flatMap(lengthsIn);
}

function lengthsIn(clause: string): readonly AskedLength[] {
  return [...clause.matchAll(LENGTH)].flatMap(({ 0: written, 1: first = "", 2: second, index }) => {
    const [one, other] = [toCount(first), toCount(second ?? first)];
    const [from, to] = [Math.min(one, other), Math.max(one, other)];
    if (from < FEWEST) return [];
    const before = clause.slice(0, index);
    const channel = channelsIn(before, isChannel).at(-1) ?? channelsIn(clause, isChannel)[0];
    const bounds = AT_MOST.test(before)
      ? { from: 0, to }
      : { from, to: AT_LEAST.test(before) ? Number.POSITIVE_INFINITY : to };
    return [{ ...bounds, channel: (channel && (formOf(channel) ?? channel)) ?? null, written }];
  });
}

function isChannel(name: string): boolean {
  return formOf(name) !== null || OTHER_CHANNELS.test(name);
}

function toCount(written: string): number {
  return Number(written.replace(/\D/g, ""));
}
