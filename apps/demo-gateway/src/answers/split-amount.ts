/** Splits amounts and percentages so that the parts sum to the total. */

/** Decreasing shares for up to four parts. */
const SHARES: readonly (readonly number[])[] = [
  [],
  [100],
  [60, 40],
  [50, 30, 20],
  [40, 25, 20, 15],
];

/** Percentages that sum to 100, the largest first. */
export function fallingShares(parts: number): readonly number[] {
  const shares = SHARES[parts];
  if (!shares) throw new RangeError(`There are no shares for ${parts} parts. Use one to four.`);
  return shares;
}

/**
 * Amounts in proportion to the percentages that sum to the total: whole numbers for a whole total,
 * otherwise to the cent. The running sum is rounded, so that rounding errors do not add up.
 */
export function splitAmount(total: number, percentages: readonly number[]): readonly number[] {
  const unitsPerOne = Number.isInteger(total) ? 1 : 100;
  const units = Math.round(total * unitsPerOne);
  const whole = percentages.reduce((sum, percentage) => sum + percentage, 0);
  let percent = 0;
  let given = 0;
  return percentages.map((percentage) => {
    percent += percentage;
    const upToHere = Math.round((units * percent) / whole);
    const part = upToHere - given;
    given = upToHere;
    return part / unitsPerOne;
  });
}

/** The largest amount that the kernel's schemas accept. */
const AMOUNT_MAX = 1_000_000_000_000;

/** Rounds to the cent. */
export function toCents(amount: number): number {
  return Math.min(Math.round(amount * 100) / 100, AMOUNT_MAX);
}

/** A whole number of people or things. */
export function toCount(value: number): number {
  return Math.min(Math.round(value), AMOUNT_MAX);
}
