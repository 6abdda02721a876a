/**
 * The fields of the agents' outputs. A field takes what can be read without knowing the language: the
 * case of a word, a number in quotes, one text instead of a list. What else a model writes in its place
 * is read before, by `read-members`, which knows the language and the rest of the answer. Null is treated
 * as absent before any field is read.
 */
import { z } from "zod";
import { type Holds, memberKinds } from "./member-kinds.ts";
import { AMOUNT_MAX, roundToCents } from "./money.ts";
import { newWordReader } from "./read-word.ts";
import { LEVELS, MEASUREMENTS } from "./vocabulary.ts";

/** The largest integer that a column of Postgres type `integer` holds. */
const INTEGER_MAX = 2_147_483_647;

/** The database refuses longer texts. */
const TEXT_MAX = 20_000;

export const text = z.preprocess(toText, z.string().trim().max(TEXT_MAX));
/** Text that a screen requires. */
export const requiredText = z.preprocess(toText, z.string().trim().min(1).max(TEXT_MAX));
/** A name in a list or a limited column; the database refuses longer names. */
export const requiredName = z.preprocess(toText, z.string().trim().min(1).max(500));
export const optionalText = text.default("");
export const nullableText = text.nullable().default(null);
export const texts = z.preprocess(toList, z.array(text)).default([]);

/** A count or a measure: never negative. */
export const quantity = numberField("quantity", z.number().nonnegative().max(AMOUNT_MAX));

/** An amount of money: never negative, in whole cents. */
export const amount = numberField(
  "amount",
  z.number().nonnegative().max(AMOUNT_MAX).overwrite(roundToCents),
);

/** A number of people or things. `finish` rounds it if the column is an integer. */
export const volume = numberField("volume", z.number().nonnegative().max(INTEGER_MAX));

/** A position or a number of weeks, counted from one; some models count from zero. */
export const ordinal = numberField("ordinal", z.int().min(0).max(INTEGER_MAX));

/** A share of a whole, in percent. */
export const percentage = numberField("percentage", z.number().min(0).max(100));

/** A fraction. Up to 100, because models also write percentages; `finish` tells which. */
export const rate = numberField("rate", z.number().min(0).max(100));

/** A number that may be negative, such as a change. */
export const signed = numberField("signed", z.number());

/** A measure: a number, or words such as “unknown” or “20–25 %”. */
export const measure = measureField("measure");

/** A measure of people: “60,000 people” is a number. */
export const measuredCount = measureField("measured_count");

/** A measure that is a fraction. */
export const measuredRate = measureField("measured_rate");

/**
 * One word of a closed vocabulary, in any case, with spaces or dashes for underscores. Words of another
 * vocabulary may stand for it; `alike` says which.
 */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
  alike: Readonly<Record<string, Words[number]>> = {},
) {
  const field = z.preprocess((value) => toWord(value, words), z.enum(words));
  memberKinds.add(field, { reads: { as: "word", reader: newWordReader(words, alike) } });
  return field;
}

export const level = oneOf(LEVELS);
export const measurement = decorative(oneOf(MEASUREMENTS));
export const isoDate = dateField();

/** A member that no screen needs: null if it cannot be read. */
export function decorative<Schema extends z.ZodType>(schema: Schema) {
  const field = schema.nullable().default(null);
  memberKinds.add(field, { isDecorative: true });
  return field;
}

/**
 * A member that `finish` sets. The model must still write it, because the rest of the answer
 * depends on it, but an invalid value does not reject the answer.
 */
export function setByFinish<Schema extends z.ZodType>(schema: Schema, fallback: z.output<Schema>) {
  return schema.catch(fallback);
}

/** An object that may be missing, and so may all of its members. */
export function group<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => value ?? {}, z.object(shape));
}

function toText(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}

function toList(value: unknown): unknown {
  return typeof value === "string" ? [value] : value;
}

function numberField<Schema extends z.ZodType>(holds: Holds, schema: Schema) {
  const field = z.preprocess(toNumber, schema);
  memberKinds.add(field, { reads: { as: "number", holds } });
  return field;
}

function measureField(holds: Holds) {
  const field = z.preprocess(toMeasure, z.union([z.number(), text]).nullable()).default(null);
  memberKinds.add(field, { reads: { as: "number", holds } });
  return field;
}

function dateField() {
  const field = z.preprocess(toDate, z.iso.date());
  memberKinds.add(field, { reads: { as: "date" } });
  return field;
}

/** Removes the time from a timestamp. */
function toDate(value: unknown): unknown {
  return typeof value === "string" ? value.trim().replace(/T\d\d:\d\d.*$/, "") : value;
}

function toWord(value: unknown, words: readonly string[]): unknown {
  if (typeof value !== "string") return value;
  const written = toSpelling(value);
  return words.find((word) => toSpelling(word) === written) ?? value;
}

function toSpelling(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
}

/** `"12.5"` is a number; `"12,5"`, `"€12"` and `"12k"` are for those who know more. */
function toNumber(value: unknown): unknown {
  const number =
    typeof value === "string" && /^-?\d{1,15}(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
  return withoutNegativeZero(number);
}

/** `"12"` is a number in quotes, "10–12 a week" stays text, and "NaN" counts as absent. */
function toMeasure(value: unknown): unknown {
  if (typeof value !== "string") return withoutNegativeZero(value);
  const trimmed = value.trim();
  if (/^[+-]?(nan|infinity|inf|null|none|undefined)$/i.test(trimmed)) return null;
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? withoutNegativeZero(Number(trimmed)) : value;
}

/** JSON has no negative zero: a stored one would come back as another value. */
function withoutNegativeZero(value: unknown): unknown {
  return value === 0 ? 0 : value;
}
