/** The period of an analysis in a request: a name, or its first and last day. */
import { z } from "zod";
import { daysBetween } from "../calendar.ts";
import { calendarDate } from "../input-fields.ts";
import { PERIODS } from "../vocabulary.ts";

/** With a longer period, the previous one would need more measurements than are read. */
const RANGE_DAYS_MAX = 366;

const range = z
  .strictObject({ from: calendarDate, to: calendarDate })
  .refine(({ from, to }) => from <= to, "Must not end before it begins")
  .refine(
    ({ from, to }) => daysBetween(from, to) < RANGE_DAYS_MAX,
    `Must not be longer than ${RANGE_DAYS_MAX} days`,
  );

export const inputPeriod = z
  .union([z.enum(PERIODS), range], {
    // What is wrong with two dates, their own checks say.
    error: ({ input }) =>
      typeof input === "string"
        ? `Must be one of ${PERIODS.join(", ")}, or two dates as {from, to}`
        : undefined,
  })
  .default("last_30_days")
  .describe(
    "A period by name, or the first and the last day, as in {from: 2026-01-01, to: 2026-01-31}.",
  );
