/** Writes millionths as a decimal number, exactly. */
export function formatMicros(micros: number): string {
  const digits = String(micros).padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
