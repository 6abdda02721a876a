/** Tables as plain text. */
import type { Findings, Goal, Table } from "../cases/case.ts";

export function printFindings(findings: Findings): void {
  for (const table of findings.tables) console.log(`\n${table.title}\n${toText(table)}`);
  if (findings.goals.length > 0) console.log(`\nGoals\n${toText(toGoalTable(findings.goals))}`);
  console.log("");
  for (const note of findings.notes) console.log(note);
}

function toGoalTable(goals: readonly Goal[]): Table {
  return {
    title: "Goals",
    columns: ["goal", "measured", "met"],
    rows: goals.map(({ goal, measured, met }) => [goal, measured, toWord(met)]),
  };
}

export function toWord(met: boolean | null): string {
  if (met === null) return "not judged";
  return met ? "yes" : "no";
}

function toText({ columns, rows }: Table): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => (row[index] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd();
  return [line(columns), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join(
    "\n",
  );
}
