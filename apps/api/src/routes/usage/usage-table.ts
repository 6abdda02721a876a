/** Writes a report of usage as an aligned table, for a person at a terminal. */
import type { UsageReport } from "@cmo/shared/contract";
import { formatMicros } from "./format-micros.ts";

type Figures = UsageReport["totals"];

const HEADS = ["runs", "attempts", "prompt", "cached", "completion", "cost", "estimated"] as const;
/** Of a name; a longer one is cut. */
const MAX_NAME_CHARS = 40;

export function toTable(report: UsageReport): string {
  const { group_by, from, to, time_zone, currency, rows, totals, truncated } = report;
  const lines = [
    [group_by, ...HEADS],
    ...rows.map(({ key, name, ...figures }) => [labelOf(name ?? key), ...cellsOf(figures)]),
    ["total", ...cellsOf(totals)],
  ];
  const notes = [
    `${from} to ${to}, ${time_zone}. Costs in ${currency}.`,
    ...(truncated ? ["There are more groups than are shown. The total has all of them."] : []),
    ...(totals.unpriced_calls > 0
      ? [`${totals.unpriced_calls} calls are of models without a price and count as 0.`]
      : []),
  ];
  return [...alignLines(lines), "", ...notes, ""].join("\n");
}

function cellsOf({ runs, attempts, cost_micros, estimated_micros, ...figures }: Figures): string[] {
  const tokens = [figures.prompt_tokens, figures.cached_tokens, figures.completion_tokens];
  const percent = cost_micros === 0 ? 0 : Math.round((100 * estimated_micros) / cost_micros);
  const counts = [runs, attempts, ...tokens].map(groupDigits);
  return [...counts, formatMicros(cost_micros), `${percent} %`];
}

/** Thousands apart by a space, as in other tables here. */
const groupDigits = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, " ");

/** A name could move the cursor of a terminal, or hide what comes after it. */
function labelOf(name: string): string {
  // guards G18: control characters
  const safe = name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, " ").trim();
  const letters = [...safe];
  const isLong = letters.length > MAX_NAME_CHARS;
  return (isLong ? `${letters.slice(0, MAX_NAME_CHARS - 1).join("")}…` : safe) || "(none)";
}

/** The first column to the left, all others to the right, and a rule around the groups. */
function alignLines(lines: readonly (readonly string[])[]): string[] {
  const widths = HEADS.map((_, column) => widest(lines, column + 1));
  const first = widest(lines, 0);
  const written = lines.map(([label = "", ...cells]) =>
    [padEnd(label, first), ...cells.map((cell, column) => cell.padStart(widths[column] ?? 0))].join(
      "  ",
    ),
  );
  const rule = "-".repeat(first + widths.reduce((sum, width) => sum + width + 2, 0));
  const [head = "", ...groups] = written;
  return [head, rule, ...groups.slice(0, -1), rule, ...groups.slice(-1)];
}

function widest(lines: readonly (readonly string[])[], column: number): number {
  return Math.max(...lines.map((cells) => [...(cells[column] ?? "")].length));
}

function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - [...text].length));
}
