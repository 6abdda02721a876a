import { expect, test } from "vitest";
import { countsInThousands, numbersInWords } from "./number-words.ts";

test.each([
  ["about fifty people, or twenty-five", [50, 25]],
  ["three hundred and forty two", [342]],
  ["fünfundzwanzig Euro, zweihundert Kilo", [25, 200]],
  ["quatre-vingts clients, soixante-dix jours", [80, 70]],
  ["treinta y cinco, veintidós", [35]],
  ["cinco mil", [5_000]],
  ["sixty seventy", [60, 70]],
  ["no number", []],
])("%s", (text, numbers) => {
  expect([...numbersInWords(text)]).toEqual(expect.arrayContaining(numbers));
});

test("thousands are recognized as words", () => {
  for (const text of ["15 bis 30 Tausend", "30k", "30 k", "dix mille"]) {
    expect(countsInThousands(text)).toBe(true);
  }
  expect(countsInThousands("tausendfach bewährt")).toBe(false);
});
