/** Reads a date as people write it: “January 12, 2027”, “12. Januar 2027”, “12.01.2027”. */
import type { Language } from "./languages/language.ts";
import { LANGUAGES } from "./languages/languages.ts";

/** Longer texts are sentences. */
const DATE_MAX = 60;

const MONTHS = new Map(
  LANGUAGES.flatMap(({ months }) =>
    months.flatMap((names, i) => names.map((name) => [name, i + 1] as const)),
  ),
);

const DAY = "(?<day>\\d{1,2})(?:st|nd|rd|th|er|\\.|º)?";
const MONTH = "(?<name>\\p{L}{3,12})\\.?";
const YEAR = "(?:,?\\s+(?:del?\\s+)?(?<year>\\d{4}))?";
/** A weekday before the date, with or without a comma. */
const WEEKDAY = "(?:\\p{L}{2,10}\\.?,?\\s+)?";
const WRITTEN: readonly RegExp[] = [
  new RegExp(`^${WEEKDAY}${MONTH}\\s+${DAY}${YEAR}$`, "iu"),
  new RegExp(`^${WEEKDAY}(?:le\\s+|el\\s+)?${DAY}\\s+(?:de\\s+|of\\s+)?${MONTH}${YEAR}$`, "iu"),
];
const YEAR_FIRST =
  /^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?!\d)(?:T\d\d:\d\d.*|\s*\(.{0,20}\))?$/;
const NUMERIC = /^(?<first>\d{1,2})(?<mark>[/.-])(?<second>\d{1,2})\k<mark>(?<year>\d{4})$/;
/** “5.1.”, as only a day and a month are written. */
const DAY_AND_MONTH = /^(?<day>\d{1,2})\.\s?(?<month>\d{1,2})\.$/;

/**
 * As `YYYY-MM-DD`; null for what is no date or may be two. Without a year, it is the next such day from
 * `from` on.
 */
export function readDate(text: string, language: Language, from?: string): string | null {
  const plain = text.trim().replace(/\s+/g, " ");
  if (plain.length > DATE_MAX) return null;
  const iso = YEAR_FIRST.exec(plain)?.groups;
  if (iso) return toDate(iso["year"], Number(iso["month"]), Number(iso["day"]));
  const numeric = NUMERIC.exec(plain)?.groups;
  if (numeric) return readNumeric(numeric, language);
  for (const pattern of WRITTEN) {
    const { name = "", day, year } = pattern.exec(plain)?.groups ?? {};
    const month = MONTHS.get(name.toLowerCase());
    if (month === undefined) continue;
    return year === undefined
      ? nextDay(month, Number(day), from)
      : toDate(year, month, Number(day));
  }
  const { day, month } = DAY_AND_MONTH.exec(plain)?.groups ?? {};
  return month === undefined ? null : nextDay(Number(month), Number(day), from);
}

function nextDay(month: number, day: number, from: string | undefined): string | null {
  if (from === undefined) return null;
  const year = Number(from.slice(0, 4));
  const days = [year, year + 1].map((one) => toDate(String(one), month, day));
  return days.find((date) => date !== null && date >= from) ?? null;
}

/** Dots stand between day, month and year; slashes and dashes in the order of the language. */
function readNumeric(
  { first, second, mark, year }: Readonly<Record<string, string>>,
  { dayComesFirst }: Language,
): string | null {
  const dayFirst = toDate(year, Number(second), Number(first));
  const monthFirst = toDate(year, Number(first), Number(second));
  if (mark === "." || dayComesFirst === true) return dayFirst;
  if (dayFirst === null || monthFirst === null) return dayFirst ?? monthFirst;
  return dayFirst === monthFirst ? dayFirst : null;
}

function toDate(year: string | undefined, month: number, day: number): string | null {
  const date = new Date(Date.UTC(Number(year), month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.toISOString().slice(0, 10) : null;
}
