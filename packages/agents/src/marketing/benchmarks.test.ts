import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { AS_OF, BENCHMARKS, describeBenchmarks } from "./benchmarks.ts";

test("each benchmark has a source, an address and a year that is not older than three years", () => {
  for (const { says, source, url, year } of Object.values(BENCHMARKS)) {
    expect(says).not.toBe("");
    expect(source).not.toBe("");
    expect(URL.canParse(url)).toBe(true);
    expect(Number(AS_OF.slice(0, 4)) - year).toBeLessThanOrEqual(3);
  }
});

test("a sentence says from when its benchmarks are", () => {
  const sentence = describeBenchmarks("email", "searchAds");

  expect(sentence).toContain("2026-12");
  expect(sentence).toContain("2–3 %");
  expect(sentence).toContain("70");
});

test("no prompt has a benchmark of its own", () => {
  const prompts = globSync(fileURLToPath(new URL("../*/prompt.ts", import.meta.url)));
  expect(prompts).toHaveLength(6);
  for (const path of prompts)
    expect(readFileSync(path, "utf8")).not.toMatch(/\d(?:–\d+)? % of|dollars/);
});
