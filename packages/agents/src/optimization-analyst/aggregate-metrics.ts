/**
 * Measured numbers, added up by code: a model that is asked to add mostly does, and sometimes
 * does not. A ratio whose divisor is zero is null, not zero.
 */
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

export interface Window {
  /** The first day that counts. */
  readonly from: string;
  /** The last day that counts. */
  readonly to: string;
}

/** Null when the window holds no measurement at all. */
export function aggregateMetrics(snapshots: readonly Snapshot[], window: Window): Aggregate | null {
  const counted = snapshots.filter(
    ({ snapshot_date }) => snapshot_date >= window.from && snapshot_date <= window.to,
  );
  if (counted.length === 0) return null;
  const total = (column: Exclude<keyof Snapshot, "snapshot_date">) =>
    toCents(counted.reduce((sum, snapshot) => sum + (snapshot[column] ?? 0), 0));
  const impressions = total("impressions");
  const clicks = total("clicks");
  const conversions = total("conversions");
  const cost = total("cost");
  const revenue = total("revenue");
  return {
    days_measured: new Set(counted.map((snapshot) => snapshot.snapshot_date)).size,
    impressions,
    clicks,
    conversions,
    cost,
    revenue,
    ctr: toRatio(clicks, impressions),
    conversion_rate: toRatio(conversions, clicks),
    cost_per_conversion: toRatio(cost, conversions),
    roas: toRatio(revenue, cost),
  };
}

function toCents(value: number): number {
  return Math.round(value * 100) / 100;
}

function toRatio(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((part / whole) * 10_000) / 10_000 : null;
}
