/**
 * The fields of every agent's input. All of them have limits.
 *
 * Forms send `null` or an empty string for an empty field; at the top level both mean that the
 * member is absent. Everything else that is unknown or exceeds a limit is refused.
 */
import { z } from "zod";

/** Characters of a name or a label. */
const SHORT_TEXT_MAX = 200;
/** Characters of a description: about a page. */
const LONG_TEXT_MAX = 4_000;
/** Items of a list that a screen sends. */
const LIST_MAX = 30;

export const shortText = z.string().trim().max(SHORT_TEXT_MAX);
export const longText = z.string().trim().max(LONG_TEXT_MAX);
export const shortTexts = z.array(shortText).max(LIST_MAX);

/** Any hexadecimal UUID, regardless of its version bits, as in Postgres. */
export const rowId = z.guid();

/** A date far from this century is a typing error, and dates computed from it may be invalid. */
export const calendarDate = z.iso
  .date()
  .refine((date) => date >= "2000-01-01" && date < "2100-01-01", "Must lie in this century");

/** The caller's goal in their own words. Every agent accepts it. */
export const freeText = longText
  .optional()
  .describe("What you want, in your own words, such as “win back customers who left in spring”.");

/** The input of an agent: the members of `shape`, nothing else. */
export function agentInput<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(dropAbsent, z.strictObject(shape));
}

function dropAbsent(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== null && member !== ""),
  );
}
