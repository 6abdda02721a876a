/**
 * Adds up measured numbers in code, because models do not add reliably. Sums are exact; a ratio
 * with a divisor of zero is null, not zero.
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

/** The change of each number from the previous period, in percent; null without a base. */
export type Change = Readonly<Record<MeasuredName, number | null>>;

const MONEY_DECIMALS = 2;
const RATIO_DECIMALS = 4;
const PERCENT_DECIMALS = 1;

/** The sums of a window's snapshots, exact to the millionth. */
export interface Sums extends Readonly<Record<SummedName, bigint>> {
  readonly days_measured: number;
}

type SummedName = Exclude<keyof Snapshot, "snapshot_date">;
type RatioName = Exclude<MeasuredName, SummedName>;

const RATIOS: Readonly<Record<RatioName, readonly [part: SummedName, whole: SummedName]>> = {
  ctr: ["clicks", "impressions"],
  conversion_rate: ["conversions", "clicks"],
  cost_per_conversion: ["cost", "conversions"],
  roas: ["revenue", "cost"],
};

/** Null if the window contains no measurement. */
export function sumMetrics(snapshots: readonly Snapshot[], window: Window): Sums | null {
  const counted = snapshots.filter(
    ({ snapshot_date }) => snapshot_date >= window.from && snapshot_date <= window.to,
  );
  if (counted.length === 0) return null;
  const total = (column: SummedName) =>
    counted.reduce((sum, snapshot) => sum + toMicros(snapshot[column]), 0n);
  return {
    days_measured: new Set(counted.map((snapshot) => snapshot.snapshot_date)).size,
    impressions: total("impressions"),
    clicks: total("clicks"),
    conversions: total("conversions"),
    cost: total("cost"),
    revenue: total("revenue"),
  };
}

/** Sums of several windows, each multiplied by a whole number. */
export function addScaled(scaled: readonly (readonly [sums: Sums, factor: bigint])[]): Sums {
  const total = (column: SummedName) =>
    scaled.reduce((sum, [sums, factor]) => sum + sums[column] * factor, 0n);
  return {
    days_measured: Math.max(0, ...scaled.map(([sums]) => sums.days_measured)),
    impressions: total("impressions"),
    clicks: total("clicks"),
    conversions: total("conversions"),
    cost: total("cost"),
    revenue: total("revenue"),
  };
}

/** The sums and ratios as they are shown. Only shown numbers are rounded. */
export function toAggregate(sums: Sums): Aggregate {
  const ratio = (name: RatioName, decimals: number) =>
    fromFraction(...fractionOf(sums, name), decimals);
  return {
    days_measured: sums.days_measured,
    impressions: fromMicros(sums.impressions, 0),
    clicks: fromMicros(sums.clicks, 0),
    conversions: fromMicros(sums.conversions, 0),
    cost: fromMicros(sums.cost, MONEY_DECIMALS),
    revenue: fromMicros(sums.revenue, MONEY_DECIMALS),
    ctr: ratio("ctr", RATIO_DECIMALS),
    conversion_rate: ratio("conversion_rate", RATIO_DECIMALS),
    cost_per_conversion: ratio("cost_per_conversion", MONEY_DECIMALS),
    roas: ratio("roas", RATIO_DECIMALS),
  };
}

/**
 * Null if one of the two was not measured. Compares the exact numbers: rounding a small rate would
 * create a fall that does not exist.
 */
export function compareMetrics(current: Sums | null, previous: Sums | null): Change | null {
  if (!current || !previous) return null;
  const changeOf = (name: MeasuredName): number | null => {
    const [part, whole] = fractionOf(current, name);
    const [partBefore, wholeBefore] = fractionOf(previous, name);
    if (whole === 0n || wholeBefore === 0n) return null;
    // (a/b − c/d) ÷ |c/d|, multiplied out.
    const base = whole * partBefore;
    const moved = (part * wholeBefore - base) * signOf(whole) * signOf(wholeBefore);
    return fromFraction(moved * 100n, base < 0n ? -base : base, PERCENT_DECIMALS);
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

function fractionOf(sums: Sums, name: MeasuredName): readonly [part: bigint, whole: bigint] {
  if (!isRatio(name)) return [sums[name], 1n];
  const [part, whole] = RATIOS[name];
  return [sums[part], sums[whole]];
}

function isRatio(name: MeasuredName): name is RatioName {
  return name in RATIOS;
}

function signOf(value: bigint): bigint {
  return value < 0n ? -1n : 1n;
}
