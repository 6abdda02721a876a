/** Counts the results of the corpus by kind, and prints them as a table. Pure. */
import type { CaseResult } from "./judge-case.ts";

/** The shares that the six agents must reach, in percent. */
const GOALS = { acceptedAtFirst: 98, plantedSeen: 90, falseAlarms: 2 } as const;

export interface Shares {
  readonly acceptedAtFirst: number;
  readonly plantedSeen: number;
  readonly falseAlarms: number;
}

/** In percent. Honest answers for the first and the last, planted faults for the second. */
export function sharesOf(results: readonly CaseResult[]): Shares {
  const honest = results.filter(({ answer }) => answer.kind === "honest");
  const planted = results.filter(({ answer }) => answer.kind === "planted");
  return {
    acceptedAtFirst: share(honest, ({ acceptedAtFirst }) => acceptedAtFirst),
    plantedSeen: share(planted, ({ seen }) => seen),
    falseAlarms: share(honest, ({ falseAlarm }) => falseAlarm),
  };
}

function share(results: readonly CaseResult[], is: (result: CaseResult) => boolean): number {
  return results.length === 0 ? 0 : (100 * results.filter(is).length) / results.length;
}

const COLUMNS = [
  "",
  "answers",
  "right",
  "honest",
  "at first",
  "alarms",
  "planted",
  "seen",
  "missed",
];

/** Groups by agent, language, family and planted fault, and the shares beside their goals. */
export function toAnswerTable(
  results: readonly CaseResult[],
  languageOf: (result: CaseResult) => string,
): string {
  const planted = results.filter(({ answer }) => answer.kind === "planted");
  const groups = [
    ["agent", groupBy(results, ({ answer }) => answer.agent)],
    ["language", groupBy(results, languageOf)],
    ["family", groupBy(results, ({ answer }) => answer.family)],
    ["fault", groupBy(planted, ({ answer }) => answer.fault ?? "other")],
  ] as const;
  const rows = groups.flatMap(([title, byName]) => [
    [title, ...COLUMNS.slice(1)],
    ...[...byName].map(([name, group]) => [`  ${name}`, ...cellsOf(group)]),
  ]);
  return `${aligned([...rows, ["all", ...cellsOf(results)]])}\n\n${toGoalLines(sharesOf(results))}\n`;
}

function groupBy(
  results: readonly CaseResult[],
  nameOf: (result: CaseResult) => string,
): ReadonlyMap<string, readonly CaseResult[]> {
  const groups = new Map<string, CaseResult[]>();
  for (const result of results) {
    const name = nameOf(result);
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return new Map([...groups].toSorted(([a], [b]) => a.localeCompare(b)));
}

function cellsOf(results: readonly CaseResult[]): readonly string[] {
  const honest = results.filter(({ answer }) => answer.kind === "honest");
  const planted = results.filter(({ answer }) => answer.kind === "planted");
  const counts = [
    results.length,
    results.filter(({ faults }) => faults.length === 0).length,
    honest.length,
    honest.filter(({ acceptedAtFirst }) => acceptedAtFirst).length,
    honest.filter(({ falseAlarm }) => falseAlarm).length,
    planted.length,
    planted.filter(({ seen }) => seen).length,
    planted.filter(({ seen }) => !seen).length,
  ];
  return counts.map(String);
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  "),
    )
    .join("\n");
}

function toGoalLines({ acceptedAtFirst, plantedSeen, falseAlarms }: Shares): string {
  const percent = (value: number) => `${value.toFixed(1)} %`;
  return [
    `honest answers accepted at first: ${percent(acceptedAtFirst)} (goal ≥ ${GOALS.acceptedAtFirst} %)`,
    `planted faults seen: ${percent(plantedSeen)} (goal ≥ ${GOALS.plantedSeen} %)`,
    `false alarms on honest answers: ${percent(falseAlarms)} (goal ≤ ${GOALS.falseAlarms} %)`,
  ].join("\n");
}
