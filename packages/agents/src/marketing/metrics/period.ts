/**
 * The days that an analysis looks at, and those that it compares them with. All are days of the
 * workspace's calendar: `today` is already the date in its time zone.
 */
import { addDays, daysBetween } from "../calendar.ts";
import type { NamedPeriod } from "../vocabulary.ts";

/** From the first day that counts to the last, both included. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

export type Period = NamedPeriod | Window;

export interface Windows {
  readonly current: Window;
  readonly previous: Window;
}

/** A range that reaches beyond today ends today: what has not happened was not measured. */
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

/** As people write it: the period's name, or the ISO 8601 interval of its days. */
export function toPeriodLabel(period: Period, { current }: Windows): string {
  return typeof period === "string" ? period : `${current.from}/${current.to}`;
}

/** As many days right before. */
function besideOf(current: Window): Windows {
  const before = addDays(current.from, -1);
  const days = daysBetween(current.from, current.to);
  return { current, previous: { from: addDays(before, -days), to: before } };
}

/** A month or a quarter up to today, and as many days of the one before, as far as it has them. */
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

/** The whole month or quarter before today's, and the whole one before that. */
function endedOf(today: string, months: number): Windows {
  const last = firstOf(today, months, -1);
  return {
    current: { from: last, to: addDays(firstOf(today, months, 0), -1) },
    previous: { from: firstOf(today, months, -2), to: addDays(last, -1) },
  };
}

/** The first day of the span of so many months that holds `date`, moved by so many spans. */
function firstOf(date: string, months: number, steps: number): string {
  const [year = 0, month = 1] = date.split("-").map(Number);
  const first = Math.floor((month - 1) / months) * months + steps * months;
  return new Date(Date.UTC(year, first, 1)).toISOString().slice(0, 10);
}
