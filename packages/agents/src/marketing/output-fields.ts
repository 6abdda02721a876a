/**
 * The fields of the agents' outputs. Models spell the same value in different ways. Only what has
 * exactly one meaning is normalized: the case of a word, a number in quotes, one text instead of a
 * list. Null is treated as absent before any field is read.
 */
import { z } from "zod";
import { AMOUNT_MAX, roundToCents } from "./money.ts";
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
export const quantity = z.preprocess(toNumber, z.number().nonnegative().max(AMOUNT_MAX));

/** An amount of money: never negative, in whole cents. */
export const amount = z.preprocess(
  toNumber,
  z.number().nonnegative().max(AMOUNT_MAX).overwrite(roundToCents),
);

/** A number of people or things. `finish` rounds it if the column is an integer. */
export const volume = z.preprocess(toNumber, z.number().nonnegative().max(INTEGER_MAX));

/** A position or a number of weeks, counted from one; some models count from zero. */
export const ordinal = z.preprocess(toNumber, z.int().min(0).max(INTEGER_MAX));

/** A share of a whole, in percent. */
export const percentage = z.preprocess(toNumber, z.number().min(0).max(100));

/** A number that may be negative, such as a change. */
export const signed = z.preprocess(toNumber, z.number());

/** A measure: a number, or words such as “unknown” or “20–25 %”. */
export const measure = z
  .preprocess(toMeasure, z.union([z.number(), text]).nullable())
  .default(null);

/** One word of a closed vocabulary, in any case, with spaces or dashes for underscores. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.preprocess(toWord, z.enum(words));
}

export const level = oneOf(LEVELS);
export const measurement = oneOf(MEASUREMENTS).default("weekly");
export const isoDate = z.preprocess(toDate, z.iso.date());

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

/** Removes the time from a timestamp. */
function toDate(value: unknown): unknown {
  return typeof value === "string" ? value.trim().replace(/T\d\d:\d\d.*$/, "") : value;
}

function toWord(value: unknown): unknown {
  return typeof value === "string"
    ? value
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, "_")
    : value;
}

/** `"12.5"` is a number; `"12,5"`, `"€12"` and `"12k"` are ambiguous. */
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
