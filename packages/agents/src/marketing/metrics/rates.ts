/**
 * Tells fractions from percentages. A model may write 0.06 for one stage and 90 for the next, so each
 * rate is read on its own: as what the volumes beside it prove, else as what it can only be, else as
 * the rates of its list are written.
 */

type Rate = number | string | null;

export interface ReadRates<Given extends Rate> {
  /** The same array if all are fractions, or if a number above 100 shows that they are no rates. */
  readonly fractions: readonly (Given | number)[];
  /** The positions of rates that nothing decides, though others are in percent. */
  readonly doubtful: readonly number[];
}

/** Two numbers are the same but for rounding and estimates. */
export const SMALL_FACTOR = 1.5;
/** Hardly any rate is less than a tenth of a percent: such a number is a fraction. */
const PERCENT_MIN = 0.1;

/** `proven` has the fraction that the volumes beside each rate give, or null. */
export function readRates<Given extends Rate>(
  rates: readonly Given[],
  proven: readonly (number | null)[] = [],
): ReadRates<Given> {
  const numbers = rates.filter((rate) => typeof rate === "number");
  if (numbers.some((rate) => rate > 100)) return { fractions: rates, doubtful: [] };
  const doubtful: number[] = [];
  const list = readList(numbers);
  const fractions = rates.map((rate, i) => {
    if (typeof rate !== "number" || rate <= 0) return rate;
    const isPercent = isProvenPercent(rate, proven[i] ?? null);
    if (isPercent === null && list.isInDoubt && isUndecided(rate)) doubtful.push(i);
    return (isPercent ?? isOnlyPercent(rate, list.isInPercent)) ? toFraction(rate) : rate;
  });
  const isSame = fractions.every((rate, i) => rate === rates[i]);
  return { fractions: isSame ? rates : fractions, doubtful };
}

/** Rates that can only be percentages or fractions say how the others of their list are written. */
function readList(numbers: readonly number[]) {
  const percentages = numbers.filter((rate) => rate > 1).length;
  const fractions = numbers.filter((rate) => rate > 0 && rate < PERCENT_MIN).length;
  const undecided = numbers.filter(isUndecided).length;
  const isInPercent = percentages > fractions && percentages >= undecided;
  const isClear = fractions > percentages || (fractions === 0 && percentages > undecided);
  return { isInPercent, isInDoubt: percentages > 0 && !isClear };
}

function isUndecided(rate: number): boolean {
  return rate >= PERCENT_MIN && rate <= 1;
}

function isOnlyPercent(rate: number, isListInPercent: boolean): boolean {
  return rate > 1 || (isListInPercent && isUndecided(rate));
}

/** Null if the volumes prove neither reading. */
function isProvenPercent(rate: number, proven: number | null): boolean | null {
  if (proven === null || !(proven > 0)) return null;
  if (isNearly(rate, proven)) return false;
  return isNearly(toFraction(rate), proven) ? true : null;
}

/** Whether two positive numbers differ by a small factor at most. */
export function isNearly(a: number, b: number): boolean {
  return Math.max(a / b, b / a) <= SMALL_FACTOR;
}

function toFraction(rate: number): number {
  return rate / 100;
}
