import type { UsageReport } from "@cmo/shared/contract";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMicros } from "./format-micros.ts";
import { toCsv } from "./usage-csv.ts";
import { toTable } from "./usage-table.ts";

const figures = {
  runs: 12,
  attempts: 1345,
  calls: 1400,
  prompt_tokens: 1_234_567,
  cached_tokens: 0,
  completion_tokens: 890,
  cost_micros: 1_500_001,
  estimated_micros: 500_000,
  unpriced_calls: 0,
};

const report = (members: Partial<UsageReport> = {}): UsageReport => ({
  group_by: "workspace",
  from: "2026-11-01",
  to: "2026-11-30",
  time_zone: "Europe/Berlin",
  currency: "USD",
  rows: [{ key: "w-1", name: "Northpine", ...figures }],
  totals: figures,
  truncated: false,
  ...members,
});

const named = (name: string) => report({ rows: [{ key: "k", name, ...figures }] });
const read = (csv: string): Record<string, string>[] =>
  parse(csv, { columns: true, record_delimiter: "\r\n" });

test("millionths are written exactly", () => {
  expect([0, 1, 999_999, 1_000_000, 12_345_678].map(formatMicros)).toEqual([
    "0.000000",
    "0.000001",
    "0.999999",
    "1.000000",
    "12.345678",
  ]);
});

describe("as CSV", () => {
  test("a report is read by others as it is", () => {
    expect(read(toCsv(report()))).toEqual([
      {
        group_by: "workspace",
        key: "w-1",
        name: "Northpine",
        runs: "12",
        attempts: "1345",
        calls: "1400",
        prompt_tokens: "1234567",
        cached_tokens: "0",
        completion_tokens: "890",
        cost: "1.500001",
        estimated_cost: "0.500000",
        currency: "USD",
        unpriced_calls: "0",
      },
    ]);
  });

  test("a name is read as it was written, whatever it contains", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        const [row] = read(toCsv(named(name)));
        expect(row?.["name"]?.replace(/^'/, "")).toBe(name.replace(/^'/, ""));
      }),
    );
  });

  test.each(['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])(
    "a name is no formula: %j",
    (name) => {
      expect(read(toCsv(named(name)))).toMatchObject([{ name: `'${name}` }]);
    },
  );
});

describe("as a table", () => {
  test("a report is aligned, with its total and its notes", () => {
    const rows = [
      { key: "w-1", name: "Northpine", ...figures },
      { key: "w-2", name: "Müller", ...figures, runs: 1, cost_micros: 0 },
    ];
    const totals = { ...figures, unpriced_calls: 3 };
    expect(toTable(report({ rows, totals, truncated: true }))).toBe(
      [
        "workspace  runs  attempts     prompt  cached  completion      cost  estimated",
        "-----------------------------------------------------------------------------",
        "Northpine    12     1 345  1 234 567       0         890  1.500001       33 %",
        "Müller        1     1 345  1 234 567       0         890  0.000000        0 %",
        "-----------------------------------------------------------------------------",
        "total        12     1 345  1 234 567       0         890  1.500001       33 %",
        "",
        "2026-11-01 to 2026-11-30, Europe/Berlin. Costs in USD.",
        "There are more groups than are shown. The total has all of them.",
        "3 calls are of models without a price and count as 0.",
        "",
      ].join("\n"),
    );
  });

  test("a name moves no cursor, and a long one is cut", () => {
    expect(toTable(named("\u001b[2J\nA\u202eB"))).toContain("\n [2J A B  ".replace("\n ", "\n"));
    expect(toTable(named("x".repeat(100)))).toContain(`\n${"x".repeat(39)}…  `);
    expect(toTable(named("\u0000"))).toContain("\n(none)  ");
  });
});
