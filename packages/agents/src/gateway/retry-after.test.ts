import { expect, test } from "vitest";
import { parseRetryAfterMs } from "./retry-after.ts";

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
])("reads %s", (_what, headers, expected) => {
  expect(parseRetryAfterMs((name) => headers[name] ?? null, now)).toBe(expected);
});
