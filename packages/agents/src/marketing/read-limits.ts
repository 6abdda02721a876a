/** Reads limits of money and time that a user has put in words: “at most 3,000 dollars a month on Instagram”. */
import { numbersIn } from "./read-number.ts";

export interface Limit {
  readonly kind: "money" | "days";
  readonly value: number;
  /** As the user wrote it. */
  readonly written: string;
  /** The channel that the limit is for; null for the whole. */
  readonly of: string | null;
  readonly isMonthly: boolean;
}

const AT_MOST =
  /(?<!\p{L})(?:höchstens|maximal|maximum(?: of)?|max\.?|nicht (?:mehr als|über)|bis zu|unter|at most|(?:not|never) exceed|ne pas dépasser|sin pasar de|no superar|(?:no|not) more than|up to|under|below|less than|au (?:plus|maximum)|(?:moins|pas plus) de|jusqu['’]à|como (?:máximo|mucho)|máximo(?: de)?|(?:menos|no más) de|hasta)(?!\p{L})/giu;
/** Characters between the words of a limit and its number: a currency. */
const GAP = 6;
/** Characters after the words of a limit that belong to it. */
const REST = 80;
const CURRENCY =
  /^\s*(?:€|EUR|USD|GBP|CHF|\$|£|euros?|dollars?|pounds?|franken|francs?|pfund|libras?)(?!\p{L})/iu;
const MONTHLY =
  /^\s*(?:(?:a|per|pro|im|par|al|por|je|\/)\s?(?:month|monat|mois|mes)|monthly|monatlich|mensual\w*)(?!\p{L})/iu;
/** A limit for each of something is none for the whole. */
const EACH = /^\s*(?:per|pro|je|par|por|each|apiece|a|an|im|al|in der|\/)(?!\p{L})/iu;
const OF = /^\s*(?:on|for|für|en|sur|pour|auf|bei)\s+(\p{Lu}[\p{L}-]*(?:\s\p{Lu}[\p{L}-]*){0,2})/u;
const DAYS: readonly (readonly [RegExp, number])[] = [
  [/^\s*(?:days?|tagen?|jours?|días?)(?!\p{L})/iu, 1],
  [/^\s*(?:weeks?|wochen?|semaines?|semanas?)(?!\p{L})/iu, 7],
  [/^\s*(?:months?|monate?n?|mois|mes(?:es)?)(?!\p{L})/iu, 31],
];

export function readLimits(sentence: string): readonly Limit[] {
  return [...sentence.matchAll(AT_MOST)].flatMap(({ 0: atMost, index }) => {
    const start = index + atMost.length;
    const rest = sentence.slice(start, start + REST);
    const [number] = numbersIn(rest);
    const at = number ? rest.indexOf(number.written) : -1;
    if (!number || at < 0 || at > GAP) return [];
    const end = at + number.written.length;
    const written = atMost + rest.slice(0, end);
    const after = rest.slice(end);
    const limit =
      number.unit === "money"
        ? moneyLimit(number.value, written, after)
        : dayLimit(number.value, written, after);
    return limit ?? [];
  });
}

function moneyLimit(value: number, start: string, rest: string): Limit | null {
  const [currency = ""] = CURRENCY.exec(rest) ?? [];
  const [monthly = ""] = MONTHLY.exec(rest.slice(currency.length)) ?? [];
  const span = currency + monthly;
  const after = rest.slice(span.length);
  if (EACH.test(after)) return null;
  const [ofWords = "", of = null] = OF.exec(after) ?? [];
  const written = start + span + ofWords;
  return { kind: "money", value, written, of, isMonthly: monthly !== "" };
}

function dayLimit(value: number, start: string, rest: string): Limit | null {
  const unit = DAYS.find(([pattern]) => pattern.test(rest));
  if (!unit) return null;
  const [name = ""] = unit[0].exec(rest) ?? [];
  if (EACH.test(rest.slice(name.length))) return null;
  const days = value * unit[1];
  return { kind: "days", value: days, written: start + name, of: null, isMonthly: false };
}
