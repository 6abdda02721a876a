/** Writes docs/performance.md and its pictures from the published results. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Chart, Table } from "../cases/case.ts";
import { CASES } from "../cases/index.ts";
import { SYSTEMS } from "../systems/index.ts";
import { drawChart } from "./draw-chart.ts";
import { toWord } from "./print.ts";
import { type Result, readResults } from "./results.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const NOTES = new URL("../results/notes.md", import.meta.url);
const PICTURES = "performance";

interface Published {
  readonly after: Result;
  readonly before: Result | null;
}

export function writeReport(): void {
  const [before, after] = [readResults("before"), readResults("after")];
  const published = CASES.flatMap(({ name }): Published[] => {
    const latest = after.get(name) ?? before.get(name);
    if (!latest) return [];
    return [{ after: latest, before: after.has(name) ? (before.get(name) ?? null) : null }];
  });
  if (published.length === 0) {
    throw new Error("Nothing is published: run a case with --publish-as before or after.");
  }
  mkdirSync(new URL(`${PICTURES}/`, DOCS), { recursive: true });
  const text = [
    ...introduction(published),
    ...goalSection(published),
    ...systemSection(),
    ...published.flatMap(caseSection),
    ...notesSection(),
  ].join("\n");
  const file = new URL("performance.md", DOCS);
  writeFileSync(file, `${text.trimEnd()}\n`);
  console.log(`Written to ${fileURLToPath(file)}`);
}

function introduction(published: readonly Published[]): readonly string[] {
  const [first] = published;
  const machine = first?.after.machine;
  return [
    "# Performance",
    "",
    "This file is written by `npm run bench -- report` from `bench/results`, with the notes in `bench/results/notes.md`. Do not edit it.",
    "",
    "All systems run on one machine and use the same gateway, Redis, Postgres and Supabase stand-in. The gateway and the load generator are processes of their own, and every chunk carries the time at which it was sent. Systems are measured in interleaved rounds, and ratios are taken within a round. The database does not wait for the disk (`fsync=off`). Absolute times are this machine's; ratios travel better.",
    "",
    machine
      ? `Machine: ${machine.cores} cores (${machine.cpu}), ${machine.memoryGib} GiB, Linux ${machine.kernel}, Node ${machine.node}.`
      : "",
    "",
  ];
}

function goalSection(published: readonly Published[]): readonly string[] {
  const rows = published.flatMap(({ after, before }) =>
    after.goals.map((goal) => [
      after.case,
      goal.goal,
      before?.goals.find((one) => one.goal === goal.goal)?.measured ?? "",
      goal.measured,
      toWord(goal.met),
    ]),
  );
  const isCompared = published.some(({ before }) => before !== null);
  const columns = ["case", "goal", "before", "measured", "met"];
  return [
    "## Goals",
    "",
    ...(isCompared
      ? toMarkdown({ title: "", columns, rows })
      : toMarkdown({
          title: "",
          columns: columns.filter((column) => column !== "before"),
          rows: rows.map(([name = "", goal = "", , measured = "", met = ""]) => [
            name,
            goal,
            measured,
            met,
          ]),
        })),
    "",
  ];
}

function systemSection(): readonly string[] {
  return ["## Systems", "", ...SYSTEMS.map(({ name, summary }) => `- \`${name}\`: ${summary}`), ""];
}

function caseSection({ after, before }: Published): readonly string[] {
  return [
    `## ${capitalize(after.case)}`,
    "",
    describeRun(after),
    "",
    ...after.tables.flatMap(tableSection),
    ...after.charts.flatMap((chart) => pictureOf(after.case, chart)),
    ...after.notes.map((note) => `- ${note}`),
    "",
    ...(before ? beforeSection(before) : []),
  ];
}

/** What nobody can generate: why a goal was missed, what was tried and what it gave. */
function notesSection(): readonly string[] {
  return existsSync(NOTES) ? [readFileSync(NOTES, "utf8")] : [];
}

function describeRun({ command, startedAt, seconds, commit, load }: Result): string {
  return `\`${command}\` on ${startedAt.slice(0, 10)} at ${startedAt.slice(11, 16)} UTC, ${seconds} s, commit ${commit}; load average ${load.before} before and ${load.after} after.`;
}

function tableSection(table: Table): readonly string[] {
  return [`### ${table.title}`, "", ...toMarkdown(table), ""];
}

function beforeSection(before: Result): readonly string[] {
  return [
    "<details><summary>Before</summary>",
    "",
    describeRun(before),
    "",
    ...before.tables.flatMap((table) => [`**${table.title}**`, "", ...toMarkdown(table), ""]),
    "</details>",
    "",
  ];
}

function pictureOf(name: string, chart: Chart): readonly string[] {
  const file = `${PICTURES}/${name}-${chart.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.svg`;
  writeFileSync(new URL(file, DOCS), drawChart(chart));
  return [`![${chart.title}](${file})`, ""];
}

function toMarkdown({ columns, rows }: Table): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)];
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replaceAll("-", " ");
}
