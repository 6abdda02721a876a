/**
 * The days that measurements cover. A row for a week covers seven days and is one row; a period of 30
 * days contains four or five of them. What is compared is therefore compared per covered day.
 */
import { addDays, daysBetween } from "../calendar.ts";
import type { Window } from "./period.ts";

/** From the finest to the coarsest; a coarse measurement includes finer ones. */
export const GRANULARITIES = ["daily", "weekly", "monthly", "quarterly", "yearly"] as const;

export type Granularity = (typeof GRANULARITIES)[number];

/** Kinds of measurements without a length of their own, such as `email`, are taken for a day's. */
export function granularityOf(metricType: string): Granularity | "total" {
  const type = metricType.trim().toLowerCase();
  return type === "total" ? type : (GRANULARITIES.find((one) => one === type) ?? "daily");
}

const DAYS: Readonly<Record<Granularity, number>> = {
  daily: 1,
  weekly: 7,
  monthly: 30,
  quarterly: 91,
  yearly: 365,
};

/**
 * A row does not say whether its date is the first or the last of its days. That matters for months
 * alone: the days from its date on, up to its date, and as if all months were equal.
 */
export const READINGS = 3;

type Covered = readonly [onward: number, back: number, equal: number];

/** The measurements of one campaign and channel in one window, all of one granularity. */
export interface Coverage {
  readonly granularity: Granularity;
  /** The days covered, in each of the readings. */
  readonly days: Covered;
  /** The days of the window. */
  readonly of: number;
}

/** Coverage is equal within this share of the period, or within one measurement. */
const TOLERANCE = 0.1;
/** Of what the other window covers: two days are not compared with one. */
const LEAST_PART = 2 / 3;

interface Dated {
  readonly snapshot_date: string;
}

/** The rows that fit into the window, and what they cover; those that reach beyond it are dropped. */
export function coverWindow<Row extends Dated>(
  rows: readonly Row[],
  granularity: Granularity,
  window: Window,
): { readonly rows: readonly Row[]; readonly coverage: Coverage } {
  const of = daysBetween(window.from, window.to) + 1;
  const dates = [...new Set(rows.map(({ snapshot_date }) => snapshot_date))].toSorted();
  const most = Math.max(of * (1 + TOLERANCE), 1);
  while (dates.length > 0 && sumDays(dates, granularity)[0] > most) dates.shift();
  const kept = new Set(dates);
  return {
    rows: rows.filter(({ snapshot_date }) => kept.has(snapshot_date)),
    coverage: { granularity, days: sumDays(dates, granularity), of },
  };
}

function sumDays(dates: readonly string[], granularity: Granularity): Covered {
  return dates.reduce<Covered>(
    ([onward, back, equal], date) => {
      const [a, b, c] = daysOf(date, granularity);
      return [onward + a, back + b, equal + c];
    },
    [0, 0, 0],
  );
}

function daysOf(date: string, granularity: Granularity): Covered {
  const days = DAYS[granularity];
  if (granularity !== "monthly") return [days, days, days];
  const lengths = [monthLength(date, 0), monthLength(date, -1)] as const;
  const isLast = date.slice(0, 7) !== addDays(date, 1).slice(0, 7);
  // The last of a month ends that month, whatever its length.
  return isLast ? [lengths[0], lengths[0], days] : [...lengths, days];
}

function monthLength(date: string, step: number): number {
  const [year = 0, month = 1] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month + step, 0)).getUTCDate();
}

/** Whether both windows are covered alike, so that the difference is not one of measuring. */
export function areComparable(one: Coverage, other: Coverage): boolean {
  const shareOf = ({ days, of }: Coverage) => Math.min(days[0] / of, 1);
  const stepOf = ({ granularity, of }: Coverage) => DAYS[granularity] / of;
  const shares = [shareOf(one), shareOf(other)];
  const [most, least] = [Math.max(...shares), Math.min(...shares)];
  const tolerance = Math.max(TOLERANCE, stepOf(one), stepOf(other));
  return most - least <= tolerance + 1e-9 && least >= most * LEAST_PART;
}

/** Whether the window lacks no more than what one measurement could not cover. */
export function isWhole({ granularity, days, of }: Coverage): boolean {
  const lacking = of - days[0];
  return lacking <= of * TOLERANCE || lacking < DAYS[granularity];
}
