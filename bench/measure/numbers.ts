/** Percentiles, and ratios pair by pair: a machine's mood changes between rounds, not within one. */

/** The value below which this share of the values lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function toSpread(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

/** Each round's value over the other's of the same round. */
export function pairRatios(values: readonly number[], others: readonly number[]): Spread {
  const pairs = Math.min(values.length, others.length);
  return toSpread(
    Array.from({ length: pairs }, (_, i) => (values[i] ?? Number.NaN) / (others[i] ?? Number.NaN)),
  );
}
