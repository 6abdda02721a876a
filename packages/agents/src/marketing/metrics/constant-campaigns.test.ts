import fc from "fast-check";
import { expect, test } from "vitest";
import { findSignals } from "../../optimization-analyst/find-signals.ts";
import { addDays, daysBetween } from "../calendar.ts";
import { PERIODS } from "../vocabulary.ts";
import { MEASURED_NAMES } from "./aggregate-metrics.ts";
import { type CampaignSnapshot, measureCampaigns } from "./measure-campaigns.ts";
import { windowsOf } from "./period.ts";

/** The numbers of one day. */
const PER_DAY = { impressions: 700, clicks: 60, conversions: 40, cost: 35, revenue: 210 };

type Step = (date: string) => string;
type Days = (date: string) => number;

const monthAfter = (date: string, months: number) => {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, day)).toISOString().slice(0, 10);
};
const endOfNextMonth = (date: string) => addDays(monthAfter(addDays(date, 1), 1), -1);
const daysUpTo = (date: string) => Number(date.slice(8));

/** How a campaign is measured, and what the date of a measurement means. */
const MEASURINGS: Readonly<Record<string, { type: string; next: Step; days: Days; first?: Step }>> =
  {
    "by the day": { type: "daily", next: (date) => addDays(date, 1), days: () => 1 },
    "by the week": { type: "weekly", next: (date) => addDays(date, 7), days: () => 7 },
    "by the month, at its first day": {
      type: "monthly",
      first: (date) => `${date.slice(0, 7)}-01`,
      next: (date) => monthAfter(date, 1),
      days: (date) => daysBetween(date, monthAfter(date, 1)),
    },
    "by the month, at its last day": {
      type: "monthly",
      first: (date) => addDays(`${date.slice(0, 7)}-01`, -1),
      next: endOfNextMonth,
      days: daysUpTo,
    },
    "by the month, at its 15th": {
      type: "monthly",
      first: (date) => `${date.slice(0, 7)}-15`,
      next: (date) => monthAfter(date, 1),
      days: (date) => daysBetween(monthAfter(date, -1), date),
    },
    "by 30 days": { type: "monthly", next: (date) => addDays(date, 30), days: () => 30 },
    "with equal months": {
      type: "monthly",
      first: (date) => `${date.slice(0, 7)}-01`,
      next: (date) => monthAfter(date, 1),
      days: () => 30,
    },
  };

function measured(name: string, start: string, today: string): CampaignSnapshot[] {
  const { type, next, days, first = (date: string) => date } = MEASURINGS[name] ?? fail(name);
  const rows: CampaignSnapshot[] = [];
  for (let date = first(start); date <= today; date = next(date)) {
    const numbers = Object.entries(PER_DAY).map(([key, value]) => [key, value * days(date)]);
    rows.unshift({
      snapshot_date: date,
      metric_type: type,
      data_mode: "live",
      channel: null,
      ...PER_DAY,
      ...Object.fromEntries(numbers),
    });
  }
  return rows;
}

function fail(name: string): never {
  throw new Error(`There is no measuring ${name}.`);
}

const today = fc.integer({ min: 0, max: 1_500 }).map((days) => addDays("2025-01-01", days));

test.each(Object.keys(MEASURINGS))(
  "a constant campaign that is measured %s never shows a change, whatever the weekday",
  (name) => {
    fc.assert(
      fc.property(
        today,
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom(...PERIODS),
        (day, ago, period) => {
          const snapshots = measured(name, addDays(day, -ago), day);
          const reading = { campaign_id: "a", campaign_name: "A", snapshots, isCut: false };

          const { metrics } = measureCampaigns([reading], windowsOf(period, day));

          const changes = metrics.by_campaign[0]?.change_percent ?? null;
          for (const name of MEASURED_NAMES) expect(changes?.[name] ?? 0).toBe(0);
          expect(metrics.totals.change_percent).toEqual(changes);
          expect(findSignals(metrics)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  },
);
