import { describe, expect, test } from "vitest";
import { parseScript, toChunkText, toPrompt } from "../gateway/script.ts";
import { parseStat } from "../measure/cpu.ts";
import { median, pairRatios, quantile } from "../measure/numbers.ts";

describe("CPU time from /proc", () => {
  test("it is user and system time, also of children that have ended", () => {
    const text = "42 (node) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 11 0 999";
    expect(parseStat(text)).toEqual({ parent: 7, ms: 2000, endedMs: 500 });
  });

  test("a name with spaces and parentheses moves no field", () => {
    const text = "42 (a (b) c) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 11 0 999";
    expect(parseStat(text)).toEqual({ parent: 7, ms: 2000, endedMs: 500 });
  });
});

describe("numbers", () => {
  test("a median lies between the two middle values", () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
  });

  test("a quantile is one of the values, and NaN of none", () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([quantile(values, 0.5), quantile(values, 0.99)]).toEqual([51, 100]);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test("ratios are taken round by round", () => {
    // The medians' ratio would be 1: both systems have a round of 2 and one of 4.
    expect(pairRatios([2, 4, 4], [4, 4, 2])).toEqual({ min: 0.5, median: 1, max: 2 });
  });
});

describe("the gateway's script", () => {
  test("what a prompt asks for is found in the body that carries it", () => {
    const script = { perSecond: 12.5, chunks: 40 };
    const body = JSON.stringify({ messages: [{ role: "user", content: toPrompt(script) }] });
    expect(parseScript(body)).toEqual(script);
  });

  test("a chunk survives JSON as it is", () => {
    const text = toChunkText(123_456, 7);
    expect(JSON.stringify(text)).toBe(`"${text}"`);
    expect(text).toMatch(/^@123456#7;/);
  });
});
