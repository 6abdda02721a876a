/**
 * Splits a whole into parts that sum to it exactly, by the largest remainder: each part is within
 * one step of its proportional share, and equal weights differ by at most one step.
 */
import { toCents } from "./money.ts";

/** Splits `total` by `weights` into parts with `decimals`. Null if the weights sum to zero. */
export function apportion(
  weights: readonly number[],
  total: number,
  decimals: number,
): readonly number[] | null {
  const weight = sum(weights);
  if (!(weight > 0)) return null;
  // Counted in steps, so that all sums are sums of integers.
  const stepsPerUnit = 10 ** decimals;
  const steps = Math.round(total * stepsPerUnit);
  const shares = weights.map((part) => (part / weight) * steps);
  const parts = shares.map(Math.floor);
  const missing = steps - sum(parts);
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  const raised = new Set(byRemainder.slice(0, missing).map(({ index }) => index));
  return parts.map((part, index) => (part + (raised.has(index) ? 1 : 0)) / stepsPerUnit);
}

/** The same parts if they sum to `total` to the cent; otherwise scaled in proportion. */
export function fitTo(
  parts: readonly number[],
  total: number,
  decimals: number,
): readonly number[] {
  if (sumsTo(parts, total)) return parts;
  return apportion(parts, total, decimals) ?? parts;
}

export function sumsTo(parts: readonly number[], total: number): boolean {
  return toCents(sum(parts)) === toCents(total);
}

/** Amounts are whole if their total is; otherwise they have cents. */
export function decimalsOf(total: number): number {
  return Number.isInteger(total) ? 0 : 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
