/**
 * What every agent's input is made of: bounded, and forgiving only about absence.
 *
 * Forms send `null` or an empty string for what nobody filled in; at the top level both mean
 * that the member is absent. Everything else that is unknown or out of bounds is refused.
 */
import { z } from "zod";

const SHORT_TEXT_MAX = 200;
const LONG_TEXT_MAX = 4_000;
const LIST_MAX = 30;

export const shortText = z.string().trim().max(SHORT_TEXT_MAX);
export const longText = z.string().trim().max(LONG_TEXT_MAX);
export const shortTexts = z.array(shortText).max(LIST_MAX);

/** Postgres takes any hexadecimal UUID, whatever its version bits say; so do we. */
export const rowId = z.guid();

/** Years far from ours are slips of the hand, and dates computed from them leave the calendar. */
export const calendarDate = z.iso
  .date()
  .refine((date) => date >= "2000-01-01" && date < "2100-01-01", "Must lie in this century");

/** The caller's goal in their own words, which every agent takes. */
export const freeText = longText
  .optional()
  .describe("What you want, in your own words, such as “win back customers who left in spring”.");

/** An agent's input: the members of `shape`, nothing else. */
export function agentInput<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(dropAbsent, z.strictObject(shape));
}

function dropAbsent(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== null && member !== ""),
  );
}
