/** How numbers are written in tables. */
import type { Spread } from "../measure/numbers.ts";

export function digits(value: number, places = 0): string {
  return Number.isFinite(value) ? value.toFixed(places) : "–";
}

/** Small times with a decimal, large ones without. */
export function ms(value: number): string {
  return digits(value, Math.abs(value) < 10 ? 1 : 0);
}

/** `median (min–max)`. */
export function spread({ min, median, max }: Spread, places = 0): string {
  if (!Number.isFinite(median)) return "–";
  return `${digits(median, places)} (${digits(min, places)}–${digits(max, places)})`;
}
