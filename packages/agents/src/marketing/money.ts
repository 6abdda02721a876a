/**
 * The smallest unit of an amount of money: a cent.
 *
 * Every amount that enters an agent, from a model, a caller or a row, is a whole number of cents.
 * Sums are sums of integers, so finishing a finished answer changes nothing.
 */
const CENTS_PER_UNIT = 100;

/** The largest amount. The sum of 90 of them, in cents, is still an exact integer. */
export const AMOUNT_MAX = 1_000_000_000_000;

export function toCents(amount: number): number {
  return Math.round(amount * CENTS_PER_UNIT);
}

/** The nearest amount that consists of whole cents, never negative zero. */
export function roundToCents(amount: number): number {
  return toCents(amount) / CENTS_PER_UNIT + 0;
}

/** The exact sum, at most the largest amount. */
export function sumAmounts(amounts: readonly number[]): number {
  const cents = amounts.reduce((total, amount) => total + toCents(amount), 0);
  return Math.min(cents / CENTS_PER_UNIT, AMOUNT_MAX);
}
