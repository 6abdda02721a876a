/**
 * Measured numbers, added up by code: a model that is asked to add mostly does, and sometimes
 * does not. Sums are exact; a ratio whose divisor is zero is null, not zero.
 */
import { fromFraction, fromMicros, toMicros } from "./exact-number.ts";
import type { Window } from "./period.ts";

export interface Snapshot {
  readonly snapshot_date: string;
  readonly impressions: number | null;
  readonly clicks: number | null;
  readonly conversions: number | null;
  readonly cost: number | null;
  readonly revenue: number | null;
}

export interface Aggregate {
  readonly days_measured: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  /** In the workspace's currency, to the cent. */
  readonly cost: number;
  readonly revenue: number;
  /** Clicks by impressions, a fraction. */
  readonly ctr: number | null;
  /** Conversions by clicks, a fraction. */
  readonly conversion_rate: number | null;
  readonly cost_per_conversion: number | null;
  /** Revenue by cost. */
  readonly roas: number | null;
}

export type MeasuredName = Exclude<keyof Aggregate, "days_measured">;
export const MEASURED_NAMES = [
  "impressions",
  "clicks",
  "conversions",
  "cost",
  "revenue",
  "ctr",
  "conversion_rate",
  "cost_per_conversion",
  "roas",
] as const satisfies readonly MeasuredName[];

/** How each number moved against the period before, in percent of it; null without a base. */
export type Change = Readonly<Record<MeasuredName, number | null>>;

const MONEY_DECIMALS = 2;
const RATIO_DECIMALS = 4;
const PERCENT_DECIMALS = 1;

/** Null when the window holds no measurement at all. */
export function aggregateMetrics(snapshots: readonly Snapshot[], window: Window): Aggregate | null {
  const counted = snapshots.filter(
    ({ snapshot_date }) => snapshot_date >= window.from && snapshot_date <= window.to,
  );
  if (counted.length === 0) return null;
  const total = (column: Exclude<keyof Snapshot, "snapshot_date">) =>
    counted.reduce((sum, snapshot) => sum + toMicros(snapshot[column]), 0n);
  const impressions = total("impressions");
  const clicks = total("clicks");
  const conversions = total("conversions");
  const cost = total("cost");
  const revenue = total("revenue");
  return {
    days_measured: new Set(counted.map((snapshot) => snapshot.snapshot_date)).size,
    impressions: fromMicros(impressions, 0),
    clicks: fromMicros(clicks, 0),
    conversions: fromMicros(conversions, 0),
    cost: fromMicros(cost, MONEY_DECIMALS),
    revenue: fromMicros(revenue, MONEY_DECIMALS),
    ctr: fromFraction(clicks, impressions, RATIO_DECIMALS),
    conversion_rate: fromFraction(conversions, clicks, RATIO_DECIMALS),
    cost_per_conversion: fromFraction(cost, conversions, MONEY_DECIMALS),
    roas: fromFraction(revenue, cost, RATIO_DECIMALS),
  };
}

/** Null where one of the two was not measured. */
export function compareMetrics(
  current: Aggregate | null,
  previous: Aggregate | null,
): Change | null {
  if (!current || !previous) return null;
  const changeOf = (name: MeasuredName): number | null => {
    const [now, before] = [current[name], previous[name]];
    if (now === null || before === null) return null;
    const [nowMicros, beforeMicros] = [toMicros(now), toMicros(before)];
    return fromFraction(
      (nowMicros - beforeMicros) * 100n,
      beforeMicros < 0n ? -beforeMicros : beforeMicros,
      PERCENT_DECIMALS,
    );
  };
  return {
    impressions: changeOf("impressions"),
    clicks: changeOf("clicks"),
    conversions: changeOf("conversions"),
    cost: changeOf("cost"),
    revenue: changeOf("revenue"),
    ctr: changeOf("ctr"),
    conversion_rate: changeOf("conversion_rate"),
    cost_per_conversion: changeOf("cost_per_conversion"),
    roas: changeOf("roas"),
  };
}
