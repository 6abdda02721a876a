/**
 * The period of an analysis and the period that it is compared with. All days are days of the
 * workspace's calendar: `today` is the date in its time zone.
 */
import { addDays, daysBetween } from "../calendar.ts";
import type { NamedPeriod } from "../vocabulary.ts";

/** From the first day to the last, both included. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

export type Period = NamedPeriod | Window;

export interface Windows {
  readonly current: Window;
  readonly previous: Window;
}

/** A range that ends after today is cut to end today. */
export function windowsOf(period: Period, today: string): Windows {
  if (typeof period !== "string") {
    return besideOf({ from: period.from, to: period.to < today ? period.to : today });
  }
  switch (period) {
    case "last_7_days":
      return besideOf({ from: addDays(today, -6), to: today });
    case "last_30_days":
      return besideOf({ from: addDays(today, -29), to: today });
    case "last_90_days":
      return besideOf({ from: addDays(today, -89), to: today });
    case "this_month":
      return startedOf(today, 1);
    case "last_month":
      return endedOf(today, 1);
    case "this_quarter":
      return startedOf(today, 3);
    case "last_quarter":
      return endedOf(today, 3);
  }
}

/** The name of the period, or the ISO 8601 interval of its days. */
export function toPeriodLabel(period: Period, { current }: Windows): string {
  return typeof period === "string" ? period : `${current.from}/${current.to}`;
}

/** The same number of days, directly before. */
function besideOf(current: Window): Windows {
  const before = addDays(current.from, -1);
  const days = daysBetween(current.from, current.to);
  return { current, previous: { from: addDays(before, -days), to: before } };
}

/** A month or a quarter up to today, and the same number of days of the previous one. */
function startedOf(today: string, months: number): Windows {
  const from = firstOf(today, months, 0);
  const before = firstOf(today, months, -1);
  const sameDay = addDays(before, daysBetween(from, today));
  const lastBefore = addDays(from, -1);
  return {
    current: { from, to: today },
    previous: { from: before, to: sameDay < lastBefore ? sameDay : lastBefore },
  };
}

/** The previous month or quarter, and the one before it. */
function endedOf(today: string, months: number): Windows {
  const last = firstOf(today, months, -1);
  return {
    current: { from: last, to: addDays(firstOf(today, months, 0), -1) },
    previous: { from: firstOf(today, months, -2), to: addDays(last, -1) },
  };
}

/** The first day of the span of months that contains `date`, moved by a number of spans. */
function firstOf(date: string, months: number, steps: number): string {
  const [year = 0, month = 1] = date.split("-").map(Number);
  const first = Math.floor((month - 1) / months) * months + steps * months;
  return new Date(Date.UTC(year, first, 1)).toISOString().slice(0, 10);
}
