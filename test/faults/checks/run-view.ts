/** A history by run, which is what most checks need. */
import type {
  Accepted,
  AttemptStored,
  CallSeen,
  CancelReplied,
  ChatDone,
  EventSeen,
  History,
  LogSeen,
  ReaderDone,
  RowSeen,
  Submitted,
  Transition,
} from "../history.ts";
import { seen } from "../history.ts";

export interface ReaderView {
  readonly name: string;
  readonly events: readonly EventSeen[];
  /** Undefined if it was still reading when the history was closed. */
  readonly done: ReaderDone | undefined;
}

export interface RunView {
  readonly runId: string;
  readonly accepted: readonly Accepted[];
  /** The submit of each acceptance. */
  readonly submitted: readonly Submitted[];
  /** Observations of the row, in order of time. */
  readonly rows: readonly RowSeen[];
  readonly transitions: readonly Transition[];
  readonly readers: readonly ReaderView[];
  readonly chats: readonly ChatDone[];
  readonly calls: readonly CallSeen[];
  readonly attempts: readonly AttemptStored[];
  readonly cancels: readonly CancelReplied[];
  readonly log: LogSeen | undefined;
}

export function viewRuns(history: History): RunView[] {
  const accepted = seen(history, "accepted");
  const submitted = new Map(seen(history, "submitted").map((one) => [one.request, one]));
  const by = {
    rows: groupByRun(seen(history, "row")),
    transitions: groupByRun(seen(history, "transition")),
    events: groupByRun(seen(history, "event")),
    done: groupByRun(seen(history, "reader_done")),
    chats: groupByRun(seen(history, "chat_done")),
    calls: groupByRun(seen(history, "call")),
    attempts: groupByRun(seen(history, "attempt_stored")),
    cancels: groupByRun(seen(history, "cancel_replied")),
    logs: groupByRun(seen(history, "log")),
  };
  return [...groupByRun(accepted)].map(([runId, acceptances]) => ({
    runId,
    accepted: acceptances,
    submitted: acceptances.flatMap(({ request }) => submitted.get(request) ?? []),
    rows: by.rows.get(runId) ?? [],
    transitions: by.transitions.get(runId) ?? [],
    readers: viewReaders(by.events.get(runId) ?? [], by.done.get(runId) ?? []),
    chats: by.chats.get(runId) ?? [],
    calls: by.calls.get(runId) ?? [],
    attempts: by.attempts.get(runId) ?? [],
    cancels: by.cancels.get(runId) ?? [],
    log: by.logs.get(runId)?.at(-1),
  }));
}

function viewReaders(events: readonly EventSeen[], done: readonly ReaderDone[]): ReaderView[] {
  const names = new Set([...events, ...done].map(({ reader }) => reader));
  return [...names].map((name) => ({
    name,
    events: events.filter(({ reader }) => reader === name),
    done: done.find(({ reader }) => reader === name),
  }));
}

function groupByRun<One extends { readonly runId: string }>(
  all: readonly One[],
): Map<string, One[]> {
  return Map.groupBy(all, ({ runId }) => runId);
}

export const ENDINGS: readonly string[] = ["completed", "failed", "cancelled"];

export function isEnding({ type }: EventSeen): boolean {
  return ENDINGS.includes(type);
}

/** The row at the last observation. */
export function lastRow(run: RunView) {
  return run.rows.at(-1)?.row ?? null;
}

/** The text that a client holds after one more event, according to the stream protocol. */
export function foldEvent(held: string, { type, data }: EventSeen): string {
  if (type === "attempt" && data["reset"] === true) return "";
  if (type === "snapshot") return String(data["text"]);
  if (type === "delta" && data["offset"] === held.length) return held + String(data["text"]);
  return held;
}
