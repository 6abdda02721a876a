/**
 * The numbers of a window and their change from the previous one, per covered day. Measurements by the
 * week or the month are counted as what they cover, and windows that are covered differently are not
 * compared.
 */
import {
  type Aggregate,
  addScaled,
  type Change,
  compareMetrics,
  MEASURED_NAMES,
  type Snapshot,
  type Sums,
  sumMetrics,
  toAggregate,
} from "./aggregate-metrics.ts";
import {
  areComparable,
  type Coverage,
  coverWindow,
  type Granularity,
  isWhole,
  READINGS,
} from "./coverage.ts";
import { fromFraction, toMicros } from "./exact-number.ts";
import type { Window } from "./period.ts";

/** The measurements of one campaign and channel in one window. */
export interface Series {
  /** The same for the same campaign and channel in another window. */
  readonly key: string;
  readonly sums: Sums;
  readonly coverage: Coverage;
  /** The rows that were counted. */
  readonly rows: number;
}

export interface CoveredAggregate extends Aggregate {
  /** Such as “28 of 30 days”. */
  readonly covered: string;
  /** False if days are missing: nothing can be concluded from these numbers. */
  readonly is_whole: boolean;
  /**
   * For seven covered days, computed here because models do not divide reliably. Null for less than a
   * week: two days say nothing of seven.
   */
  readonly per_week: Readonly<Record<WeeklyName, number | null>> | null;
}

type WeeklyName = "clicks" | "conversions" | "cost" | "revenue";

const WEEK = 7;
const WEEKLY_DECIMALS = 2;

/** Null if no measurement fits into the window. */
export function toSeries(
  key: string,
  rows: readonly Snapshot[],
  granularity: Granularity,
  window: Window,
): Series | null {
  const { rows: kept, coverage } = coverWindow(rows, granularity, window);
  const sums = sumMetrics(kept, window);
  return sums && { key, sums, coverage, rows: kept.length };
}

export function aggregateSeries(series: readonly Series[]): CoveredAggregate | null {
  if (series.length === 0) return null;
  const of = Math.max(...series.map(({ coverage }) => coverage.of));
  const days = Math.min(Math.max(...series.map(({ coverage }) => coverage.days[0])), of);
  return {
    ...toAggregate(addScaled(series.map(({ sums }) => [sums, 1n]))),
    days_measured: days,
    covered: `${days} of ${of} days`,
    is_whole: series.every(({ coverage }) => isWhole(coverage)),
    per_week: days < WEEK ? null : perWeek(series),
  };
}

function perWeek(series: readonly Series[]): CoveredAggregate["per_week"] {
  const common = commonDays(series, 0);
  const sums = perDay(series, 0, common);
  const of = (name: WeeklyName) =>
    fromFraction(sums[name] * BigInt(WEEK), toMicros(1) * common, WEEKLY_DECIMALS);
  return {
    clicks: of("clicks"),
    conversions: of("conversions"),
    cost: of("cost"),
    revenue: of("revenue"),
  };
}

/** Sums of one day, multiplied by `common`, so that they stay whole. */
function perDay(series: readonly Series[], reading: number, common: bigint): Sums {
  return addScaled(
    series.map(({ sums, coverage }) => [sums, common / daysIn(coverage, reading)] as const),
  );
}

function commonDays(series: readonly Series[], reading: number): bigint {
  return series.reduce((lcm, { coverage }) => lcmOf(lcm, daysIn(coverage, reading)), 1n);
}

/** Null if one of the two was not measured, or not for as long as the other. */
export function compareSeries(
  current: readonly Series[],
  previous: readonly Series[],
): Change | null {
  if (current.length === 0 || previous.length === 0 || !areAlike(current, previous)) return null;
  const changes = Array.from({ length: READINGS }, (_, reading) => {
    const common = commonDays([...current, ...previous], reading);
    return compareMetrics(perDay(current, reading, common), perDay(previous, reading, common));
  });
  const [first] = changes;
  if (!first) return null;
  const least = MEASURED_NAMES.map(
    (name) => [name, leastOf(changes.map((change) => change?.[name] ?? null))] as const,
  );
  return { ...first, ...Object.fromEntries(least) };
}

/** A series that is only in one window may have begun or ended, unless its rows are long and rare. */
function areAlike(current: readonly Series[], previous: readonly Series[]): boolean {
  const find = (series: readonly Series[], key: string) => series.find((one) => one.key === key);
  const keys = [...new Set([...current, ...previous].map(({ key }) => key))];
  return keys.every((key) => {
    const [now, before] = [find(current, key), find(previous, key)];
    if (now && before) return areComparable(now.coverage, before.coverage);
    return (now ?? before)?.coverage.granularity === "daily";
  });
}

function daysIn({ days }: Coverage, reading: number): bigint {
  return BigInt(days[reading] ?? days[0]);
}

function lcmOf(a: bigint, b: bigint): bigint {
  return (a / gcdOf(a, b)) * b;
}

function gcdOf(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcdOf(b, a % b);
}

/** The change that all readings show at least: none if they disagree on its direction. */
function leastOf(changes: readonly (number | null)[]): number | null {
  const numbers = changes.filter((change) => change !== null);
  if (numbers.length < changes.length) return null;
  if (numbers.some((one) => one > 0) && numbers.some((one) => one < 0)) return 0;
  return numbers.reduce((least, one) => (Math.abs(one) < Math.abs(least) ? one : least));
}
