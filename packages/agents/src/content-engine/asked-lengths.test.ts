import { expect, test } from "vitest";
import { readAskedLengths } from "./asked-lengths.ts";

test.each([
  ["A blog article of 1,500 words", "blog", 1_500, 1_500],
  ["Ein Blogartikel mit 1.500 Wörtern", "blog", 1_500, 1_500],
  ["Un article de 1 500 mots", null, 1_500, 1_500],
  ["Two long Facebook posts of about 150 words each", "facebook", 150, 150],
  ["The newsletter 80 to 120 words, the WhatsApp messages short.", "email", 80, 120],
  ["WhatsApp: höchstens 40 Wörter", "WhatsApp", 0, 40],
  ["Correos de al menos 200 palabras", "email", 200, Number.POSITIVE_INFINITY],
])("%s", (words, channel, from, to) => {
  expect(readAskedLengths(words)).toMatchObject([{ channel, from, to }]);
});

test.each([
  "Headlines of at most 12 words",
  "Betreff mit 10 Wörtern",
  "3,000 words in total",
  "Say it in 5 words",
  "12 weeks and 20 leads",
  "",
])("no length of a text: %s", (words) => {
  expect(readAskedLengths(words)).toEqual([]);
});
