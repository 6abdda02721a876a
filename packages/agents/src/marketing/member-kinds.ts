/**
 * What a member of an answer holds, beside its schema: it says how a text in its place is read.
 *
 * A member without a kind is read by its schema alone. A decorative member that cannot be read is
 * left out, with a finding; any other refuses the answer.
 */
import { z } from "zod";
import { LANGUAGES } from "./languages/languages.ts";
import { type NumberText, readNumberText, readNumeral } from "./read-number.ts";
import type { WordReader } from "./read-word.ts";

export type Holds =
  | "amount"
  | "volume"
  | "quantity"
  | "ordinal"
  | "percentage"
  | "rate"
  | "signed"
  | "measure"
  | "measured_count"
  | "measured_rate";

interface MemberKind {
  readonly reads?:
    | { readonly as: "number"; readonly holds: Holds }
    | { readonly as: "word"; readonly reader: WordReader<string> }
    | { readonly as: "date" };
  readonly isDecorative?: true;
}

export const memberKinds = z.registry<MemberKind>();

/** The values that a text may have as such a number. */
export interface Readings {
  /** One value; or two, the one with thousands first. */
  readonly values: readonly [number] | readonly [grouped: number, decimal: number];
  /** The value that such a number usually has: no amount has three decimals. */
  readonly usual: number | null;
  readonly number: NumberText;
}

/** Null for a text that is no such number. */
export function readingsOf(text: string, holds: Holds): Readings | null {
  const number = numberIn(text, holds);
  if (number === null || !IS_HELD[holds](number)) return null;
  const value = toHeld(number, holds);
  const { grouped } = number;
  if (grouped === undefined || IS_SMALL[holds]) return { values: [value], usual: value, number };
  const usual = IS_COUNTED[holds] ? grouped : null;
  return { values: [grouped, value], usual, number };
}

function numberIn(text: string, holds: Holds): NumberText | null {
  const numeral = IS_NAMED[holds] ? readNumeral(text) : null;
  if (numeral !== null) return readNumberText(String(numeral));
  return holds === "ordinal" ? readOrdinal(text) : readNumberText(text);
}

/** Counts of people or things may be written as words. */
const IS_NAMED: Readonly<Partial<Record<Holds, true>>> = {
  volume: true,
  quantity: true,
  ordinal: true,
};

/** At most 100, so that nothing in it has thousands. */
const IS_SMALL: Readonly<Record<Holds, boolean>> = {
  amount: false,
  volume: false,
  quantity: false,
  ordinal: true,
  percentage: true,
  rate: true,
  signed: false,
  measure: false,
  measured_count: false,
  measured_rate: true,
};

/** Money has cents, and people are whole: three digits behind a mark are thousands. */
const IS_COUNTED: Readonly<Partial<Record<Holds, true>>> = {
  amount: true,
  volume: true,
  measured_count: true,
};

const isBare = ({ unit, outOf, isAbout, words }: NumberText) =>
  unit === null && outOf === null && !isAbout && words === "";

const IS_HELD: Readonly<Record<Holds, (number: NumberText) => boolean>> = {
  amount: ({ unit, outOf, words }) =>
    (unit === null || unit === "money") && outOf === null && words === "",
  volume: ({ unit, outOf }) => unit === null && outOf === null,
  quantity: ({ outOf }) => outOf === null,
  ordinal: () => true,
  percentage: ({ unit, words }) => (unit === null || unit === "percent") && words === "",
  rate: ({ unit, words }) => (unit === null || unit === "percent") && words === "",
  signed: ({ outOf, words }) => outOf === null && words === "",
  // A text may stand in its place, and says more than its number.
  measure: isBare,
  measured_count: (number) => isBare({ ...number, words: "" }),
  measured_rate: (number) => isBare({ ...number, unit: null }) && number.unit !== "money",
};

/** Measured numbers are given as fractions, so that a percentage beside them is one, too. */
function toHeld({ value, unit, outOf }: NumberText, holds: Holds): number {
  const isRate = holds === "rate" || holds === "measured_rate" || holds === "signed";
  if (outOf !== null && outOf > 0) return isRate ? value / outOf : (value / outOf) * 100;
  return isRate && unit === "percent" ? Number((value / 100).toPrecision(12)) : value;
}

const WEEKS: ReadonlySet<string> = new Set(["week", "woche", "semaine", "semana"]);

/** “Week 3”, “3rd”, “#1”: the only number of a short text. Two months are not two weeks. */
function readOrdinal(text: string): NumberText | null {
  const digits = /^[^\d.,−-]{0,24}(\d{1,6})(?!\d|[.,]\d)\D{0,24}$/u.exec(text.trim())?.[1];
  return digits === undefined || OTHER_SPAN.test(text) ? null : readNumberText(digits);
}

/** Spans of other lengths than a week, in any form: “months”, “Monate”. */
const OTHER_SPAN = new RegExp(
  `(?<!\\p{L})(?:${LANGUAGES.flatMap(({ spans }) => spans.filter((span) => span.length > 2 && !WEEKS.has(span))).join("|")})`,
  "iu",
);
