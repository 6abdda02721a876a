import { expect, test } from "vitest";
import { findConstants } from "./find-constants.ts";

const SOURCE = `/** The head of a file is not a reason. */
const FIRST = 1;

/** A reader that takes nothing for this long is gone. */
const WRITE_MS = 30_000;
const PAGE = 500;
/**
 * Fits a token, and no more
 * than that.
 */
export const CAPS: StreamCaps = { maxLineLength: 1024 * 1024, maxBodyBytes: 64 * 1024 * 1024 };
export const ASK: AskPolicy = {
  retryDelaysMs: [500, 2_000],
  /** Inside. */
  maxRetryAfterMs: 90_000,
};
interface AskPolicy {
  /** As many tries as there are delays. */
  readonly retryDelaysMs: readonly number[];
  readonly maxRetryAfterMs: number;
}
const QUOTE = 0x22;
const WORDS = ["a", "b"];
const MIXED = { text: "a", most: 2 };

export const policyEnv = {
  /** Most answers end by themselves in this time. */
  DRAIN_MS: milliseconds(600_000),
  CONCURRENCY: z.coerce.number().int().min(1).max(500).default(20),
};
`;

test("numbers and objects of numbers are found with their comments and units", () => {
  const found = findConstants("a.ts", SOURCE);

  expect(found.map(({ name, value, reason }) => [name, value, reason])).toEqual([
    ["FIRST", "1", ""],
    ["WRITE_MS", "30 s", "A reader that takes nothing for this long is gone."],
    ["PAGE", "500", ""],
    [
      "CAPS",
      "maxLineLength 1 048 576, maxBodyBytes 64 MiB",
      "Fits a token, and no more than that.",
    ],
    [
      "ASK",
      "retryDelaysMs 500 ms and 2 s, maxRetryAfterMs 1.5 min",
      "retryDelaysMs: As many tries as there are delays.",
    ],
    ["DRAIN_MS", "10 min", "Most answers end by themselves in this time."],
    ["CONCURRENCY", "20", ""],
  ]);
});
