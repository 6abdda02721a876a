/** The machine's monotonic clock in microseconds: the same number in every process. */
export function nowMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
