/** Rates in one list have one notation: if one of them can only be percent, all are. */

type Rate = number | string | null;

/** The same array if all are fractions, or if a number above 100 shows that they are no rates. */
export function toFractions<Given extends Rate>(
  rates: readonly Given[],
): readonly (Given | number)[] {
  const numbers = rates.filter((rate) => typeof rate === "number");
  const inPercent = numbers.some((rate) => rate > 1) && numbers.every((rate) => rate <= 100);
  return inPercent ? rates.map((rate) => (typeof rate === "number" ? rate / 100 : rate)) : rates;
}
