/** The results of a test with killed workers, added up over its waves. */
import { parseCursor } from "@cmo/shared/contract";
import { foldEvent, isEnding, lastRow, type RunView, viewRuns } from "./checks/run-view.ts";
import type { EventSeen, History } from "./history.ts";

export interface KillReport {
  readonly runs: number;
  readonly terminal: number;
  /** Ended in a later attempt than the first. */
  readonly interrupted: number;
  readonly readers: number;
  /** Those that hold the text of the row, which is what the gateway sent in one attempt. */
  readonly exactReaders: number;
  readonly gaps: number;
  readonly duplicates: number;
  /** From a reader's last event of a killed attempt to the first of the next. */
  readonly handoversMs: readonly number[];
}

export const NOTHING_KILLED: KillReport = {
  runs: 0,
  terminal: 0,
  interrupted: 0,
  readers: 0,
  exactReaders: 0,
  gaps: 0,
  duplicates: 0,
  handoversMs: [],
};

export function reportKills(history: History): KillReport {
  return viewRuns(history).map(reportRun).reduce(addReports, NOTHING_KILLED);
}

export function addReports(one: KillReport, other: KillReport): KillReport {
  return {
    runs: one.runs + other.runs,
    terminal: one.terminal + other.terminal,
    interrupted: one.interrupted + other.interrupted,
    readers: one.readers + other.readers,
    exactReaders: one.exactReaders + other.exactReaders,
    gaps: one.gaps + other.gaps,
    duplicates: one.duplicates + other.duplicates,
    handoversMs: [...one.handoversMs, ...other.handoversMs],
  };
}

/** The value that a share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

function reportRun(run: RunView): KillReport {
  const row = lastRow(run);
  const sent = run.calls.filter(({ attempt }) => attempt === row?.attempt).map(toText);
  const events = run.readers.map((reader) => reader.events);
  const isExact = (of: readonly EventSeen[]): boolean => {
    const text = of.reduce(foldEvent, "");
    return of.some(isEnding) && text === row?.outputText && sent.includes(text);
  };
  return {
    runs: 1,
    terminal: row !== null && row.status !== "running" ? 1 : 0,
    interrupted: (row?.attempt ?? 0) > 1 ? 1 : 0,
    readers: events.length,
    exactReaders: events.filter(isExact).length,
    gaps: events.reduce((total, of) => total + countGaps(of), 0),
    duplicates: events.reduce((total, of) => total + countDuplicates(of), 0),
    handoversMs: events.flatMap(handovers),
  };
}

function toText({ textSent }: { readonly textSent: string }): string {
  return textSent;
}

/** Places within an attempt that were skipped. */
function countGaps(events: readonly EventSeen[]): number {
  const places = events.flatMap((event) => (event.id ? (parseCursor(event.id) ?? []) : []));
  return places.slice(1).filter(({ attempt, seq }, index) => {
    const before = places[index];
    const isNext = attempt === before?.attempt ? seq === before.seq + 1 : seq === 0;
    return !isNext && index + 1 < places.length - 1;
  }).length;
}

function countDuplicates(events: readonly EventSeen[]): number {
  const ids = events.flatMap(({ id }) => id ?? []);
  return ids.length - new Set(ids).size;
}

function handovers(events: readonly EventSeen[]): number[] {
  const logged = events.filter(({ id }) => id !== null);
  return logged.flatMap(({ type, data, at }, index) => {
    const before = logged[index - 1];
    const isHandover = type === "attempt" && data["reason"] === "worker_lost";
    return isHandover && before ? [at - before.at] : [];
  });
}
