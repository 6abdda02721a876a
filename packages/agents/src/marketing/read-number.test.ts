import fc from "fast-check";
import { expect, test } from "vitest";
import { numbersIn, readDigits, readNumberText, valuesIn } from "./read-number.ts";

test.each([
  ["9000", [9000]],
  ["12,5", [12.5]],
  ["0.125", [0.125]],
  ["1234.567", [1234.567]],
  ["1.234.567", [1_234_567]],
  ["1.200,50", [1200.5]],
  ["1,200.50", [1200.5]],
  ["1 200", [1200]],
  ["1\u202f200,5", [1200.5]],
  ["1'250'000", [1_250_000]],
  ["1.200", [1200, 1.2]],
  ["12,500", [12_500, 12.5]],
  ["1.2.3", []],
  ["1,20,000", []],
  ["10 12", []],
])("%s has the readings %j", (written, readings) => {
  const digits = readDigits(written);
  const { value, grouped } = digits ?? {};

  expect([grouped, value].filter((one) => one !== undefined)).toEqual(readings);
});

test.each([
  ["42.5%", 42.5, "percent"],
  ["2,5 %", 2.5, "percent"],
  ["12 Prozent", 12, "percent"],
  ["EUR 89.94", 89.94, "money"],
  ["1.200 €", 1.2, "money"],
  ["$20k", 20_000, "money"],
  ["1,5 Mio. Euro", 1_500_000, "money"],
  ["3 mil", 3_000, null],
  ["−12", -12, null],
  ["1.5x", 1.5, "times"],
  ["ca. 300", 300, null],
  ["120 Leads", 120, null],
  ["85/100", 85, null],
])("%s is %d (%s)", (text, value, unit) => {
  expect(readNumberText(text)).toMatchObject({ value, unit });
});

test.each(["10–12", "unknown", "2026-03-01", "1 of the 3 best ones in 2026", "", "€", "v2"])(
  "%j is not one number",
  (text) => {
    expect(readNumberText(text)).toBeNull();
  },
);

test("a number that has one reading is never read as another, in either notation", () => {
  const cents = fc.integer({ min: 0, max: 100_000_000_000 });
  const notation = fc.constantFrom<readonly [string, string]>(
    ["en", "."],
    ["de", ","],
    ["fr", ","],
  );

  fc.assert(
    fc.property(cents, notation, (amount, [language]) => {
      const written = new Intl.NumberFormat(language, { minimumFractionDigits: 2 }).format(
        amount / 100,
      );

      expect(readDigits(written)).toEqual({ value: amount / 100 });
    }),
  );
});

test("numbers within a text have their unit and all their readings", () => {
  const text = "Von 3.000 Euro bleiben 23,3 %, also $700. 2026 300 Dienste.";

  expect([...numbersIn(text)].map(({ values, unit }) => [values, unit])).toEqual([
    [[3000, 3], "money"],
    [[23.3], "percent"],
    [[700], "money"],
    [[2026, 300], null],
  ]);
  expect([...numbersIn("about 13.8 thousand dollars")]).toMatchObject([
    { value: 13_800, unit: "money" },
  ]);
  expect([...valuesIn("1.200")]).toEqual([1200, 1.2]);
});
