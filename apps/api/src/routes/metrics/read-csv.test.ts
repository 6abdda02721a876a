import { expect, test } from "vitest";
import { readCsv } from "./read-csv.ts";

const read = (text: string) => readCsv(Buffer.from(text));

test("a spreadsheet's file is read: byte order mark, semicolons, quotes, other names, empty cells", () => {
  const text =
    '\ufeffDay;Campaign Name;Spend;"Clicks"\r\n2026-01-01;"Spring; ""go""";10.50;7\r\n\r\n2026-01-02;Spring;;\r\n';
  expect(read(text)).toEqual([
    {
      number: 2,
      line: { snapshot_date: "2026-01-01", campaign: 'Spring; "go"', cost: "10.50", clicks: "7" },
    },
    { number: 4, line: { snapshot_date: "2026-01-02", campaign: "Spring" } },
  ]);
});

test("a cell with line breaks keeps the numbers of the lines after it", () => {
  const lines = read('date,campaign\n2026-01-01,"a\nb"\n2026-01-02,c\n');
  expect(lines.map(({ number }) => number)).toEqual([3, 4]);
});

test.each([
  ["a missing cell", "date,clicks\n2026-01-01\n", /line 2/],
  ["an open quote", 'date,clicks\n2026-01-01,"1\n', /quote/i],
  ["an endless line", `date,clicks\n2026-01-01,${"1".repeat(20_000)}\n`, /10000/],
])("%s is refused in words", (_, text, words) => {
  expect(() => read(text)).toThrow(words);
});

test("names that pollute prototypes are columns like others", () => {
  const [first] = read("__proto__,constructor\n1,2\n");
  expect(Object.getPrototypeOf(first?.line)).toBe(Object.prototype);
});
