/** Compares what the product made of an answer with what the case demands. Pure. */
import { isDeepStrictEqual } from "node:util";
import type { Played } from "./play-answers.ts";
import type { AnswerCase, SavedValue } from "./read-case-file.ts";

export interface CaseResult {
  readonly answer: AnswerCase;
  readonly played: Played;
  /** What is not as the case demands; empty if all is. */
  readonly faults: readonly string[];
  /** The answer was taken without a second call, with or without warnings. */
  readonly acceptedAtFirst: boolean;
  /** For planted faults: a finding names it, or nothing of it was saved and that is told. */
  readonly seen: boolean;
  /** For honest answers: something was called wrong that is not. */
  readonly falseAlarm: boolean;
}

/** `model` is what was made of the answer whose rows must come out; null if there is none. */
export function judgeCase(answer: AnswerCase, played: Played, model: Played | null): CaseResult {
  const seen = isSeen(answer, played);
  const faults = [
    ...outcomeFaults(answer, played),
    ...(answer.kind === "planted" && !seen ? [`no finding names ${answer.sees}`] : []),
    ...answer.saved.flatMap((saved) => savedFaults(saved, played)),
    ...(model ? modelFaults(played, model) : []),
    ...textFaults(answer, played),
  ];
  const isOpen = played.findings.some(({ fixed }) => !fixed);
  return {
    answer,
    played,
    faults,
    acceptedAtFirst: played.outcome !== "repaired" && played.outcome !== "refused",
    seen,
    falseAlarm: answer.kind === "honest" && isOpen && !answer.expected.includes("warned"),
  };
}

function isSeen({ sees }: AnswerCase, { findings, outcome }: Played): boolean {
  if (outcome === "completed") return false;
  if (sees === null) return findings.length > 0;
  return findings.some(({ kind, path, message }) => sees.test(`${kind} ${path}: ${message}`));
}

/** An answer in which code only counts words or orders weeks again counts as completed. */
function outcomeFaults({ expected }: AnswerCase, { outcome, findings }: Played): readonly string[] {
  if (expected.includes(outcome)) return [];
  if (outcome === "normalized" && expected.includes("completed")) return [];
  const open = findings
    .filter(({ fixed }) => !fixed)
    .map(({ path, message }) => `${path} ${message}`);
  const why = open.length > 0 ? `: ${open.slice(0, 2).join(" | ").slice(0, 300)}` : "";
  return [`${outcome} instead of ${expected.join(" or ")}${why}`];
}

const COUNT = /^rows (?<table>\w+)$/;
const CELL = /^(?<table>cmo_\w+)\[(?<row>\d+)\]\.(?<path>.+)$/;

function savedFaults({ path, value }: SavedValue, played: Played): readonly string[] {
  const found = valueAt(path, played);
  if (isDeepStrictEqual(found, value)) return [];
  return [`${path} is ${JSON.stringify(found)} instead of ${JSON.stringify(value)}`];
}

function valueAt(path: string, { rows, output }: Played): unknown {
  const ofTable = (table: string | undefined) => rows.filter((row) => row.table === table);
  const counted = COUNT.exec(path)?.groups;
  if (counted) return ofTable(counted["table"]).length;
  const cell = CELL.exec(path)?.groups;
  if (!cell) return follow(output, path);
  return follow(ofTable(cell["table"])[Number(cell["row"])]?.values, cell["path"] ?? "");
}

/** `a.b[0].c` */
function follow(value: unknown, path: string): unknown {
  const keys = path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  return keys.reduce<unknown>((inner, key) => {
    if (typeof inner !== "object" || inner === null) return undefined;
    return Object.entries(inner).find(([name]) => name === key)?.[1];
  }, value);
}

/** Warnings that are saved with a row are about the answer, and not a part of it. */
const ABOUT_THE_ANSWER = new Set(["warnings"]);

function modelFaults(played: Played, model: Played): readonly string[] {
  const differing = firstDifference(toPlain(model.rows), toPlain(played.rows), "rows");
  return differing === null ? [] : [differing];
}

function toPlain(rows: Played["rows"]): unknown {
  return rows.map(({ table, values }) => [
    table,
    Object.fromEntries(Object.entries(values).filter(([name]) => !ABOUT_THE_ANSWER.has(name))),
  ]);
}

function firstDifference(wanted: unknown, found: unknown, path: string): string | null {
  if (isDeepStrictEqual(wanted, found)) return null;
  if (!isObject(wanted) || !isObject(found)) {
    return `${path} is ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`.slice(0, 300);
  }
  const [left, right] = [new Map(Object.entries(wanted)), new Map(Object.entries(found))];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const difference = firstDifference(left.get(key), right.get(key), `${path}.${key}`);
    if (difference !== null) return difference;
  }
  return null;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function textFaults({ without, hidden }: AnswerCase, { rows, visible }: Played): readonly string[] {
  const saved = JSON.stringify(rows);
  return [
    ...without.filter((part) => saved.includes(part)).map((part) => `“${part}” is saved`),
    ...hidden.filter((part) => visible.includes(part)).map((part) => `readers see “${part}”`),
  ];
}
