/** What the verdicts are computed with. */

/** Jain's index: 1 when all are equal, 1/n when one has everything. */
export function jain(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value ** 2, 0);
  return squares === 0 ? 1 : sum ** 2 / (values.length * squares);
}

/** The smallest value that at least this share of the values does not exceed; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The largest relative distance between the shares of a sum and the shares that the weights promise. */
export function worstShareError(values: readonly number[], weights: readonly number[]): number {
  const [total, whole] = [sum(values), sum(weights)];
  const errors = values.map((value, index) => {
    const promised = (weights[index] ?? Number.NaN) / whole;
    return Math.abs(value / total / promised - 1);
  });
  return Math.max(...errors);
}
