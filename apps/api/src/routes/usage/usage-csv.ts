/** Writes a report of usage as CSV (RFC 4180), one line for each group. */
import type { UsageReport } from "@cmo/shared/contract";
import { formatMicros } from "./format-micros.ts";

type Row = UsageReport["rows"][number];

const COLUMNS: Readonly<Record<string, (row: Row, report: UsageReport) => string | number>> = {
  group_by: (_, { group_by }) => group_by,
  key: ({ key }) => key,
  name: ({ name }) => name ?? "",
  runs: ({ runs }) => runs,
  attempts: ({ attempts }) => attempts,
  calls: ({ calls }) => calls,
  prompt_tokens: ({ prompt_tokens }) => prompt_tokens,
  cached_tokens: ({ cached_tokens }) => cached_tokens,
  completion_tokens: ({ completion_tokens }) => completion_tokens,
  cost: ({ cost_micros }) => formatMicros(cost_micros),
  estimated_cost: ({ estimated_micros }) => formatMicros(estimated_micros),
  currency: (_, { currency }) => currency,
  unpriced_calls: ({ unpriced_calls }) => unpriced_calls,
};

export function toCsv(report: UsageReport): string {
  const lines = report.rows.map((row) =>
    Object.values(COLUMNS).map((cellOf) => toCell(cellOf(row, report))),
  );
  return [Object.keys(COLUMNS), ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
}

/** Spreadsheets run a text that begins with one of these as a formula. Names are what users chose. */
const FORMULA = /^[=+\-@\t\r]/;

function toCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  // guards G18: formulas
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
