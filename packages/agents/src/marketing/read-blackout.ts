/** Reads days of the year on which nothing shall happen: “Zwischen 24.12. und 2.1. läuft nichts”. */

/** Days of any year, both included, as month × 100 + day. It may cross the end of the year. */
export interface Blackout {
  readonly from: number;
  readonly to: number;
  /** The sentence of the user. */
  readonly written: string;
}

/** The names of the months in the supported languages, by their beginnings. */
const MONTHS: readonly string[] = [
  "jan\\p{L}*|jänner|ene(?:ro)?",
  "feb\\p{L}*|fév\\p{L}*",
  "mar(?:ch|s|zo)?|märz",
  "apr\\p{L}*|avr\\p{L}*|abr\\p{L}*",
  "may|mai|mayo",
  "june?|juni|juin|junio",
  "july?|juli|juillet|julio",
  "aug\\p{L}*|août|agosto",
  "sep\\p{L}*",
  "oct\\p{L}*|okt\\p{L}*",
  "nov\\p{L}*",
  "de[cz]\\p{L}*|déc\\p{L}*|dic\\p{L}*",
];
const MONTH = `(?:${MONTHS.join("|")})(?!\\p{L})`;
const DAY = "\\d{1,2}(?:st|nd|rd|th|er)?";
const DATE = `(?:\\d{4}-\\d\\d-\\d\\d|\\d{1,2}/\\d{1,2}(?:/\\d{2,4})?|${DAY}\\.\\s?\\d{1,2}\\b\\.?(?:\\d{2,4})?|${DAY}\\.?\\s(?:of |de )?${MONTH}|${MONTH}\\s${DAY}|${DAY})`;
const TO =
  "\\s*(?:–|-|and|to|until|till|through|und|bis|et|au|jusqu['’]au|y|al?|hasta)\\s*(?:zum |dem |the |le |el )?";
const RANGE = new RegExp(`(?<!\\d)(?<from>${DATE})\\.?${TO}(?<to>${DATE})(?!\\d)`, "iu");
const WHOLE_MONTH = new RegExp(
  `(?<!\\p{L})(?:in|im|en|during|während|whole|ganzen?|all)\\s(?:the |dem |der )?(?<month>${MONTH})`,
  "iu",
);
const NOTHING =
  /(?<!\p{L})(?:no|not|nothing|never|nicht|nichts|kein\w*|rien|pas|aucun\w*|nada|ning[uú]n\w*|no|paus\w*|blackout|closed|geschlossen|fermé\w*|cerrad\w*|urlaub|ferien|betriebsferien|vacation|vacances)(?!\p{L})/iu;
const LAST_DAY = 31;

/** Null for a sentence that forbids no days. */
export function readBlackout(sentence: string): Blackout | null {
  if (!NOTHING.test(sentence)) return null;
  const written = sentence.trim();
  const { from: first = "", to: last = "" } = RANGE.exec(sentence)?.groups ?? {};
  // “12/24 to 1/2” begins with the month, because no month has this number.
  const isMonthFirst = [first, last].some(
    (date) => Number(SLASHED.exec(date)?.[2]) > MONTHS.length,
  );
  if (SLASHED.test(first) && SLASHED.test(last)) {
    const [from, to] = [slashedDay(first, isMonthFirst), slashedDay(last, isMonthFirst)];
    return from === null || to === null ? null : { from, to, written };
  }
  const to = dayOf(last, null);
  // In “24–27 December” the month stands once.
  const from = dayOf(first, to === null ? null : Math.floor(to / 100));
  if (from !== null && to !== null) return { from, to, written };
  const month = monthOf(WHOLE_MONTH.exec(sentence)?.groups?.["month"] ?? "");
  return month === null ? null : { from: month * 100 + 1, to: month * 100 + LAST_DAY, written };
}

export function isInBlackout(isoDate: string, { from, to }: Blackout): boolean {
  const day = Number(isoDate.slice(5, 7)) * 100 + Number(isoDate.slice(8, 10));
  // A text that is no date is no day.
  if (!(day > 0)) return false;
  return from <= to ? day >= from && day <= to : day >= from || day <= to;
}

const SLASHED = /^(\d{1,2})\/(\d{1,2})/;

function slashedDay(written: string, isMonthFirst: boolean): number | null {
  const [, one, other] = SLASHED.exec(written) ?? [];
  return isMonthFirst ? toDay(Number(one), Number(other)) : toDay(Number(other), Number(one));
}

function dayOf(written: string, otherMonth: number | null): number | null {
  const [, isoMonth, isoDay] = /^\d{4}-(\d\d)-(\d\d)$/.exec(written) ?? [];
  if (isoMonth && isoDay) return toDay(Number(isoMonth), Number(isoDay));
  const [, day, month] = /^(\d{1,2})\.\s?(\d{1,2})\b/.exec(written) ?? [];
  if (day && month) return toDay(Number(month), Number(day));
  const number = Number(/\d{1,2}/.exec(written)?.[0]);
  return toDay(monthOf(written) ?? otherMonth ?? 0, number);
}

function toDay(month: number, day: number): number | null {
  const isDay = month >= 1 && month <= MONTHS.length && day >= 1 && day <= LAST_DAY;
  return isDay ? month * 100 + day : null;
}

function monthOf(written: string): number | null {
  const index = MONTHS.findIndex((names) =>
    new RegExp(`(?<!\\p{L})(?:${names})(?!\\p{L})`, "iu").test(written),
  );
  return index < 0 ? null : index + 1;
}
