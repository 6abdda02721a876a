/**
 * Exact decimal numbers: whole millionths as big integers. They are added and divided exactly, and
 * rounded once for output, half away from zero.
 */
const MICRO_DIGITS = 6;
const MICROS = 10n ** BigInt(MICRO_DIGITS);

/** The nearest number of millionths; zero for anything that is no finite number. */
export function toMicros(value: number | null | undefined): bigint {
  if (value === null || value === undefined || !Number.isFinite(value)) return 0n;
  // Beyond this a double has no decimals, and `toFixed` may return an exponent.
  if (Math.abs(value) >= 1e15) return BigInt(Math.trunc(value)) * MICROS;
  return BigInt(value.toFixed(MICRO_DIGITS).replace(".", ""));
}

/** A number of millionths, rounded to `decimals`. */
export function fromMicros(micros: bigint, decimals: number): number {
  return fromFraction(micros, MICROS, decimals) ?? 0;
}

/** `part` divided by `whole`, rounded to `decimals`; null if `whole` is zero. */
export function fromFraction(part: bigint, whole: bigint, decimals: number): number | null {
  if (whole === 0n) return null;
  const scale = 10n ** BigInt(decimals);
  const numerator = part * scale * (whole < 0n ? -1n : 1n);
  const denominator = whole < 0n ? -whole : whole;
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return Number(numerator < 0n ? -rounded : rounded) / Number(scale);
}
