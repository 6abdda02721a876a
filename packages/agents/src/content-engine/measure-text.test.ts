import { expect, test } from "vitest";
import { measureText } from "./measure-text.ts";

const words = new Intl.Segmenter("en", { granularity: "word" });

test.each([
  ["café", "weighted", 4],
  ["冬は長い", "weighted", 8],
  ["👨‍👩‍👧‍👦", "weighted", 2],
  ["Read: https://example.com/a/very/long/path?that=goes&on=and-on", "weighted", 29],
  ["冬は長い", "wide", 8],
  ["Müller", "wide", 6],
  ["👨‍👩‍👧‍👦!", "characters", 2],
  ["One hour a week", "words", 4],
] as const)("%s has in %s %d", (text, unit, length) => {
  expect(measureText(text, unit, words)).toBe(length);
});
