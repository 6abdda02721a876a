/** Reads the delay that a gateway requests in a header. */

/** No run waits for longer. */
const MAX_DELAY_MS = 24 * 60 * 60 * 1000;

/** The delay that `Retry-After` requests, in milliseconds, at most a day; null without the header. */
export function parseRetryAfterMs(
  header: (name: string) => string | null,
  nowMs: number,
): number | null {
  const delayMs = parseDelayMs(header, nowMs);
  return delayMs === null ? null : Math.min(delayMs, MAX_DELAY_MS);
}

function parseDelayMs(header: (name: string) => string | null, nowMs: number): number | null {
  const milliseconds = toCount(header("retry-after-ms"));
  if (milliseconds !== null) return Math.round(milliseconds);

  const value = header("retry-after")?.trim() ?? "";
  const seconds = toCount(value);
  if (seconds !== null) return Math.round(seconds * 1000);

  // `Date.parse` accepts texts that are no date, such as "-1"; an HTTP date begins with a weekday.
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(value)) return null;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

function toCount(value: string | null): number | null {
  return value !== null && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : null;
}
