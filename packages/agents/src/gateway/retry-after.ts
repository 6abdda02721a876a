/** Reads the delay that a gateway requests, in the headers or the body in which gateways do so. */
import { isObject, memberOf } from "./json-value.ts";

type Header = (name: string) => string | null;

/** No run waits for longer. */
const MAX_DELAY_MS = 24 * 60 * 60 * 1000;

/** The delay that the headers request, in milliseconds, at most a day; null if they request none. */
export function parseRetryAfterMs(header: Header, nowMs: number): number | null {
  return bounded(parseDelayMs(header, nowMs) ?? parseSpentLimits(header, nowMs));
}

/**
 * The delay that an error requests: Google's `RetryInfo` in its details, or the sentence with which
 * OpenAI and Azure end their messages. Null if it requests none.
 */
export function retryAfterOfError(error: unknown): number | null {
  const details = memberOf(error, "details");
  const list: readonly unknown[] = Array.isArray(details) ? details : [];
  const info = list.find((detail) => /RetryInfo$/.test(textIn(detail, "@type")));
  const delay = parseDuration(textIn(info, "retryDelay"));
  const said = parseSentence(textIn(error, "message").slice(0, MESSAGE_CHARS));
  // Google rounds the one down and writes the other out.
  return bounded(delay === null || said === null ? (delay ?? said) : Math.max(delay, said));
}

const bounded = (delayMs: number | null): number | null =>
  delayMs === null ? null : Math.min(delayMs, MAX_DELAY_MS);

function parseDelayMs(header: Header, nowMs: number): number | null {
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

/** The limits that a response may describe, each with what is left of it and when it is whole again. */
const LIMITS = ["-requests", "-tokens", ""];

/** Only a limit of which nothing is left says when the next request is accepted. */
function parseSpentLimits(header: Header, nowMs: number): number | null {
  const delays = LIMITS.filter((name) => header(`x-ratelimit-remaining${name}`)?.trim() === "0")
    .map((name) => parseReset(header(`x-ratelimit-reset${name}`)?.trim() ?? "", nowMs))
    .filter((delay) => delay !== null);
  return delays.length === 0 ? null : Math.max(...delays);
}

/** Seconds or a time since 1970 in seconds or milliseconds: the sizes tell them apart. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MILLISECONDS = 1e12;

function parseReset(value: string, nowMs: number): number | null {
  const count = toCount(value);
  if (count === null) return parseDuration(value);
  if (count < EPOCH_SECONDS) return Math.round(count * 1000);
  const atMs = count < EPOCH_MILLISECONDS ? count * 1000 : count;
  return Math.max(0, Math.round(atMs - nowMs));
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const PART = /(\d{1,12}(?:\.\d{1,12})?)(ms|h|m|s)/g;
const DURATION = /^(?:\d{1,12}(?:\.\d{1,12})?(?:ms|h|m|s)){1,4}$/;

/** As Go writes it: `1s`, `6m0s`, `120ms`, `8.64s`. */
function parseDuration(text: string): number | null {
  if (!DURATION.test(text)) return null;
  const parts = [...text.matchAll(PART)].map(([, count, unit]) => {
    return Number(count) * (UNIT_MS[unit ?? ""] ?? 0);
  });
  return Math.ceil(parts.reduce((sum, part) => sum + part, 0));
}

/** Longer messages quote a request. */
const MESSAGE_CHARS = 2000;
const TRY_AGAIN = /\b(?:try again|retry) in ((?:\d{1,12}(?:\.\d{1,12})?(?:ms|h|m|s)){1,4})/i;
const RETRY_AFTER = /\b(?:try again|retry) (?:in|after) (\d{1,6}) seconds?\b/i;

function parseSentence(message: string): number | null {
  const seconds = RETRY_AFTER.exec(message)?.[1];
  if (seconds !== undefined) return Number(seconds) * 1000;
  return parseDuration(TRY_AGAIN.exec(message)?.[1] ?? "");
}

function textIn(value: unknown, name: string): string {
  const text = isObject(value) ? value[name] : undefined;
  return typeof text === "string" ? text : "";
}

function toCount(value: string | null): number | null {
  return value !== null && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : null;
}
