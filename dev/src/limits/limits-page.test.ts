import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LIMITS_PAGE, REPOSITORY } from "../repository.ts";
import { newLimitsPage } from "./limits-page.ts";

test("docs/limits.md is what the sources say; `npm run docs:limits` writes it", () => {
  expect(readFileSync(LIMITS_PAGE, "utf8")).toBe(newLimitsPage(REPOSITORY));
});

test.each([
  "lease",
  "runs_per_minute",
  "MAX_STREAMS",
  "BODY_LIMIT_BYTES",
  "WORKER_CONCURRENCY",
  "CONNECT_MS",
  "LOCK_MS",
])("%s is on the page: its source is still read", (name) => {
  expect(newLimitsPage(REPOSITORY)).toContain(`| \`${name}\` |`);
});
