import { expect, test } from "vitest";
import { parseRetryAfterMs, retryAfterOfError } from "./retry-after.ts";

const now = Date.parse("2026-11-23T12:00:00Z");

test.each<[string, Record<string, string>, number | null]>([
  ["seconds", { "retry-after": "2" }, 2000],
  ["a fraction of a second", { "retry-after": " 0.5 " }, 500],
  ["a day", { "retry-after": "86400" }, 86_400_000],
  ["an HTTP date", { "retry-after": "Mon, 23 Nov 2026 12:00:10 GMT" }, 10_000],
  ["a date that has passed", { "retry-after": "Mon, 23 Nov 2026 11:00:00 GMT" }, 0],
  ["milliseconds, which win", { "retry-after-ms": "250", "retry-after": "9" }, 250],
  ["garbage milliseconds beside seconds", { "retry-after-ms": "soon", "retry-after": "9" }, 9000],
  ["a negative number", { "retry-after": "-1" }, null],
  ["garbage", { "retry-after": "soon" }, null],
  ["a garbled date", { "retry-after": "Monday-ish" }, null],
  ["an empty value", { "retry-after": "" }, null],
  ["nothing", {}, null],
  [
    "a limit of which nothing is left, as OpenAI does",
    {
      "x-ratelimit-remaining-requests": "59",
      "x-ratelimit-reset-requests": "1s",
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "6m0s",
    },
    360_000,
  ],
  [
    "both limits when both are used up",
    {
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "120ms",
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "8.64s",
    },
    8640,
  ],
  [
    "limits that are not used up",
    { "x-ratelimit-remaining-tokens": "120", "x-ratelimit-reset-tokens": "6m0s" },
    null,
  ],
  [
    "Azure's seconds",
    { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "10" },
    10_000,
  ],
  [
    "OpenRouter's time",
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now + 4500) },
    4500,
  ],
  [
    "a reset that is far away",
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9".repeat(400) },
    86_400_000,
  ],
])("reads %s", (_what, headers, expected) => {
  expect(parseRetryAfterMs((name) => headers[name] ?? null, now)).toBe(expected);
});

/** Recorded from people's reports of what their gateways answered. */
test.each<[string, unknown, number | null]>([
  [
    "OpenAI",
    {
      message:
        "Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Used 14567, Requested 24754. Please try again in 18.642s. Visit https://platform.openai.com/account/rate-limits to learn more.",
      type: "tokens",
      code: "rate_limit_exceeded",
    },
    18_642,
  ],
  ["OpenAI, in milliseconds", { message: "Please try again in 644ms. Visit us." }, 644],
  ["Azure", { code: "429", message: "Exceeded the limit. Please retry after 10 seconds." }, 10_000],
  [
    "Gemini",
    {
      code: 429,
      message: "You exceeded the limit. Please retry in 58.934310785s.",
      status: "RESOURCE_EXHAUSTED",
      details: [
        { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [] },
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "58s" },
      ],
    },
    58_935,
  ],
  ["Gemini without a time", { code: 429, message: "Resource has been exhausted." }, null],
  ["a hostile one", { message: `try again in ${"9".repeat(12)}h`, details: "1s" }, 86_400_000],
  ["text", "Please try again in 3s", null],
])("reads the error of %s", (_what, error, expected) => {
  expect(retryAfterOfError(error)).toBe(expected);
});
