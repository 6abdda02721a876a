/**
 * Compares an answer with the wishes that its user has put in words, and with the names of
 * competitors. All findings are doubts: a wish in words can be read in more than one way.
 */
import { doubt, type Finding } from "../agent/finding.ts";
import { matchChannel } from "./match-channel.ts";
import { isInBlackout } from "./read-blackout.ts";
import type { Limit } from "./read-limits.ts";
import { readWishes, type Wishes } from "./read-wishes.ts";
import type { LocatedText } from "./unproven-claims.ts";
import { newMentionReader } from "./unwanted-words.ts";

interface Measured {
  readonly path: string;
  readonly value: number;
}

export interface WishedFor {
  /** All texts of the answer. */
  readonly texts: readonly LocatedText[];
  /** What the whole costs, and how many days it takes; null if it has no such number. */
  readonly cost?: Measured | null;
  readonly days?: Measured | null;
  /** What each channel costs. */
  readonly parts?: readonly (Measured & { readonly name: string })[];
  /** The months that the costs are for. */
  readonly months?: number;
  /** ISO dates on which something happens. */
  readonly dates?: readonly { readonly path: string; readonly date: string }[];
}

/** Texts of an answer that are compared; each is searched for every wish. */
const TEXTS_MAX = 2_000;

export function unmetWishes(words: string, answer: WishedFor): Finding[] {
  const wishes = readWishes(words);
  return [
    ...wishes.limits.flatMap((limit) => overLimit(limit, answer)),
    ...mentionsOfUnwanted(wishes, answer.texts),
    ...datesInBlackout(wishes, answer.dates ?? []),
  ];
}

function overLimit(limit: Limit, { cost, days, parts = [], months = 1 }: WishedFor): Finding[] {
  const most = limit.isMonthly ? limit.value * months : limit.value;
  const { of } = limit;
  const whole = limit.kind === "money" ? cost : days;
  const measured =
    of === null ? [whole] : parts.filter(({ name }) => matchChannel(name, [of]) !== null);
  const over = measured.find((one) => one && one.value > most);
  if (!over) return [];
  const what = of ?? (limit.kind === "money" ? "The whole" : "It, in days,");
  const message = `${what} takes ${over.value}; the request says “${limit.written}”.`;
  return [doubt("asked", over.path, message)];
}

/** One finding for each wish, at the first place. */
function mentionsOfUnwanted({ unwanted }: Wishes, texts: readonly LocatedText[]): Finding[] {
  return unwanted.flatMap(({ what, on, written }) => {
    const mention = newMentionReader(what);
    const place = on?.toLowerCase() ?? "";
    for (const { path, text } of texts.slice(0, TEXTS_MAX)) {
      const found = mention(text);
      if (found === null || !text.toLowerCase().includes(place)) continue;
      return [doubt("asked", path, `“${found}” is here; the request does not want “${written}”.`)];
    }
    return [];
  });
}

function datesInBlackout(
  { blackouts }: Wishes,
  dates: NonNullable<WishedFor["dates"]>,
): readonly Finding[] {
  return dates.flatMap(({ path, date }) => {
    const blackout = blackouts.find((one) => isInBlackout(date, one));
    if (!blackout) return [];
    return [
      doubt("asked", path, `${date} is a day of which the request says: “${blackout.written}”.`),
    ];
  });
}

/** Tools and habits that everybody names are no brand. */
const COMMON =
  /^(?:excel|word|spreadsheets?|google sheets|tabellen?|whats ?app|e-?mail|paper|papier|pen and paper|handarbeit|doing nothing|nichts tun|agenc\w+|agentur\w*)$/iu;
/** A description such as “large vending suppliers” is no name. */
const NAME = /^\p{Lu}[\p{L}\p{N}&.'’-]*(?: \p{Lu}[\p{L}\p{N}&.'’-]*){0,3}$/u;
const NAME_MIN = 3;

/** The names of competitors in text to be published, unless others that are known use them, too. */
export function namedCompetitors(
  texts: readonly LocatedText[],
  competitors: unknown,
  words: string,
): Finding[] {
  return namesIn(competitors).flatMap((name) => {
    const pattern = new RegExp(
      `(?<![\\p{L}\\p{N}])${name.replaceAll(".", "\\.")}(?![\\p{L}\\p{N}])`,
      "u",
    );
    if (pattern.test(words)) return [];
    const found = texts.find(({ text }) => pattern.test(text));
    if (!found) return [];
    const message = `“${name}” is a competitor. A text to be published names one only if you want it to.`;
    return [doubt("claim", found.path, message)];
  });
}

function namesIn(competitors: unknown): readonly string[] {
  if (!Array.isArray(competitors)) return [];
  return competitors
    .map((one: unknown) =>
      typeof one === "object" && one !== null && "name" in one ? one.name : one,
    )
    .filter((name) => typeof name === "string")
    .filter((name) => name.length >= NAME_MIN && NAME.test(name) && !COMMON.test(name));
}
