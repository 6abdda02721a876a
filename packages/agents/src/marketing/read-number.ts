/**
 * The one reader of numbers in text.
 *
 * A written number has one value, or two: a single dot or comma before exactly three digits groups
 * thousands in one language and precedes decimals in another. Whoever can tell which chooses; nobody
 * else may.
 */
import { LANGUAGES } from "./languages/languages.ts";

/** What stands beside a number and says what it counts. */
type Unit = "percent" | "money" | "times";

/** The values that a row of digits and marks may have: one, two, or none. */
export interface Digits {
  /** The value if the mark precedes decimals, or if there is no other reading. */
  readonly value: number;
  /** Present if the mark may group thousands as well. */
  readonly grouped?: number;
  /** The one mark, if there are two readings. */
  readonly mark?: "." | ",";
}

const PLAIN = /^\d+$/;
const SPACES = /['’\u00a0\u202f ]/g;
const SPACED = /^\d{1,3}(?:['’\u00a0\u202f ]\d{3})+(?:[.,]\d+)?$/;
const GROUPED = /^[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*$/;

/** Null for what is no number, such as `1.2.3` or a date. */
export function readDigits(written: string): Digits | null {
  if (PLAIN.test(written)) return { value: Number(written) };
  const digits = written.replace(SPACES, "");
  const isSpaced = digits !== written;
  if (isSpaced && !SPACED.test(written)) return null;
  const marks = [...new Set(digits.match(/[.,]/g) ?? [])];
  const [first = "", second] = marks;
  if (second !== undefined) return readWithBoth(digits, first, second);
  const parts = digits.split(first);
  if (first === "") return { value: Number(digits) };
  if (parts.length > 2) return GROUPED.test(digits) ? { value: joined(parts) } : null;
  const value = Number(parts.join("."));
  if (isSpaced || !GROUPED.test(digits)) return { value };
  return { value, grouped: joined(parts), mark: first === "." ? "." : "," };
}

/** With both marks, the second precedes decimals, once, and the first groups. */
function readWithBoth(digits: string, first: string, second: string): Digits | null {
  const [whole = "", decimals = "", ...others] = digits.split(second);
  if (others.length > 0 || decimals.includes(first) || !GROUPED.test(whole)) return null;
  return { value: Number(`${whole.split(first).join("")}.${decimals}`) };
}

function joined(parts: readonly string[]): number {
  return Number(parts.join(""));
}

/** A text that consists of one number and what belongs to it. */
export interface NumberText extends Digits {
  readonly unit: Unit | null;
  /** The currency's code or sign, if it is one. */
  readonly currency: string | null;
  /** The whole of “85 of 100”. */
  readonly outOf: number | null;
  /** Whether words say that the number is not exact, or a limit. */
  readonly isAbout: boolean;
  /** Words after the number, such as “leads”. */
  readonly words: string;
  /** Decimal places of the reading with decimals, as written. */
  readonly decimals: number;
}

/** Longer texts are sentences. */
const NUMBER_TEXT_MAX = 60;

const CODES =
  "EUR|USD|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|INR|BRL|MXN|NZD|SGD|HKD|CNY|KRW|ZAR|CZK|HUF|RON|BGN|TRY|AED|ILS|ARS|CLP|COP|PEN";
const SIGNS: Readonly<Record<string, string>> = {
  "€": "EUR",
  $: "$",
  "£": "GBP",
  "¥": "JPY",
  "₹": "INR",
};
const MONEY_WORDS = Object.fromEntries(LANGUAGES.flatMap((one) => Object.entries(one.currencies)));
const MAGNITUDES = Object.fromEntries(LANGUAGES.flatMap((one) => Object.entries(one.magnitudes)));
const PERCENT_WORDS = ["procent", ...LANGUAGES.flatMap((one) => one.percent)];
const MONEY = `[€$£¥₹]|${CODES}`;

const NUMBER_TEXT = new RegExp(
  [
    `^(?<about>(?:(?:${anyOf(LANGUAGES.flatMap((one) => one.about))}|[~≈<>≤≥]=?)\\s?){0,2})`,
    `(?<before>${MONEY})?\\s?(?<sign>[+−–-])?\\s?(?<money>${MONEY})?\\s?`,
    "(?<digits>\\d(?:[\\d.,'’ ]*\\d)?)(?:[.,](?:[–—-]|--))?",
    `(?:\\s?(?<magnitude>${anyOf(Object.keys(MAGNITUDES))})(?![\\p{L}\\d])\\.?)?`,
    `(?:\\s?(?<percent>%|(?:${anyOf(PERCENT_WORDS)})(?!\\p{L}))`,
    `|\\s?(?<after>${MONEY}|(?:${anyOf(Object.keys(MONEY_WORDS))}))(?!\\p{L})`,
    `|\\s?(?<times>[x×])(?!\\p{L})`,
    `|\\s?(?:/|(?:${anyOf(LANGUAGES.flatMap((one) => one.outOf))})\\s)\\s?(?<whole>\\d{1,4}))?`,
    "(?<plus>\\+)?(?<words>(?:\\s?[-/(]?[\\p{L}][\\p{L}.'’)-]{0,40}){0,4})$",
  ].join(""),
  "iu",
);

/** Null for a text that holds no number, several ones, or more than a number. */
export function readNumberText(text: string): NumberText | null {
  const plain = text.trim().replace(/[\u00a0\u202f\s]+/g, " ");
  if (plain.length > NUMBER_TEXT_MAX) return null;
  const found = NUMBER_TEXT.exec(plain)?.groups;
  const digits = readDigits(found?.["digits"] ?? "");
  if (!found || digits === null) return null;
  const { sign, magnitude, percent, times, whole, about, plus, words = "" } = found;
  const currency = found["before"] ?? found["money"] ?? found["after"];
  const scale = (sign && sign !== "+" ? -1 : 1) * scaleOf(magnitude);
  const scaled = (value: number) => exact(value * scale);
  return {
    value: scaled(digits.value),
    ...(digits.grouped !== undefined && { grouped: scaled(digits.grouped) }),
    ...(digits.mark && { mark: digits.mark }),
    unit: percent ? "percent" : currency ? "money" : times ? "times" : null,
    currency: currency === undefined ? null : currencyOf(currency),
    outOf: whole === undefined ? null : Number(whole),
    isAbout: about !== "" || plus !== undefined,
    words: words.trim(),
    decimals: scale === 1 || scale === -1 ? decimalsIn(found["digits"] ?? "") : 0,
  };
}

const NUMERALS = new Map(
  LANGUAGES.flatMap(({ numerals }) =>
    numerals.flatMap((words, value) => words.map((word) => [word, value] as const)),
  ),
);

/** “Three”; null for what is no numeral. */
export function readNumeral(text: string): number | null {
  return NUMERALS.get(text.trim().toLowerCase()) ?? null;
}

function scaleOf(magnitude: string | undefined): number {
  return magnitude === undefined ? 1 : (MAGNITUDES[magnitude.toLowerCase()] ?? 1);
}

function currencyOf(written: string): string {
  return SIGNS[written] ?? MONEY_WORDS[written.toLowerCase()] ?? written.toUpperCase();
}

function decimalsIn(digits: string): number {
  return /[.,](\d+)$/.exec(digits)?.[1]?.length ?? 0;
}

/** 1.1 million is 1100000.0000000001 otherwise. JSON has no negative zero. */
function exact(value: number): number {
  return Number(value.toPrecision(15)) + 0;
}

/** Codes of currencies have one case alone: “try” is no Turkish lira. */
function inBothCases(word: string): readonly string[] {
  return [word, word.charAt(0).toUpperCase() + word.slice(1)];
}

/** The longest word first, so that none is taken for the beginning of another. */
function anyOf(words: readonly string[]): string {
  return words
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.'’]/g, (mark) => (mark === "." ? "\\.?" : "['’]")))
    .join("|");
}

/** A number within a text. */
export interface WrittenNumber {
  /** With the mark as one that groups thousands, if it may be one. */
  readonly value: number;
  /** All readings. */
  readonly values: readonly number[];
  readonly unit: Unit | null;
  /** The number with its unit, as in the text. */
  readonly written: string;
}

const WITHIN = /\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?!\d)(?:[.,]\d+)?/g;
const MONEY_BEFORE = new RegExp(`(?:${MONEY})[\\s\\u00a0\\u202f]?$`);
const AFTER = {
  percent: new RegExp(`^[\\s\\u00a0\\u202f]?(?:%|(?:${anyOf(PERCENT_WORDS)})(?!\\p{L}))`, "iu"),
  money: new RegExp(
    `^[\\s\\u00a0\\u202f]?(?:${MONEY}|(?:${anyOf(Object.keys(MONEY_WORDS).flatMap(inBothCases))})(?!\\p{L}))(?!\\p{L})`,
    "u",
  ),
  times: /^(?:[x×](?!\p{L})|[\s\u00a0]times (?:more|faster|better|higher|as)\b)/iu,
} as const;

/** Words such as “thousand”; single letters may be units of length. */
const MAGNITUDE_AFTER = new RegExp(
  `^[\\s\\u00a0\\u202f]?(${anyOf(Object.keys(MAGNITUDES).filter((word) => word.length > 1))})\\.?(?!\\p{L})`,
  "iu",
);

/** Lazy, so that a search that ends early costs no more. */
export function* numbersIn(text: string): Generator<WrittenNumber> {
  for (const { 0: digits, index } of text.matchAll(WITHIN)) {
    const before = MONEY_BEFORE.exec(text.slice(Math.max(0, index - 5), index))?.[0];
    const rest = text.slice(index + digits.length, index + digits.length + 20);
    const [magnitude = "", word] = MAGNITUDE_AFTER.exec(rest) ?? [];
    const values = valuesOf(digits).map((value) => exact(value * scaleOf(word)));
    const [unit, after] = unitOf(rest.slice(magnitude.length));
    yield {
      value: values[0] ?? 0,
      values,
      unit: before === undefined ? unit : "money",
      written: `${before ?? ""}${digits}${magnitude}${after}`,
    };
  }
}

/** The numbers without their units, in all their readings: a fraction of the cost. */
export function* valuesIn(text: string): Generator<number> {
  for (const [digits] of text.matchAll(WITHIN)) yield* valuesOf(digits);
}

function unitOf(rest: string): readonly [WrittenNumber["unit"], string] {
  for (const unit of ["percent", "money", "times"] as const) {
    const [written] = AFTER[unit].exec(rest) ?? [];
    if (written !== undefined) return [unit, written];
  }
  return [null, ""];
}

/** What is no single number, such as “2026 300” or the first part of a date, is read in parts. */
function valuesOf(written: string): readonly number[] {
  const digits = readDigits(written);
  if (digits === null) return written.split(/[^\d.,]/).map(Number.parseFloat);
  const { value, grouped } = digits;
  return grouped === undefined ? [value] : [grouped, value];
}
