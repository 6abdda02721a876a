/** A run as its readers see it, on a real Redis, with a row and a clock that the test decides. */
import { parseCursor, type ReaderEvent, type Run } from "@cmo/shared/contract";
import { systemClock } from "@cmo/shared/runtime";
import type { RunHub, RunLog } from "@cmo/shared/stream";
import type { Redis } from "ioredis";
import { type WatchDeps, watchRun } from "../../apps/api/src/sse/watch-run.ts";
import { closeAfter } from "./close-after.ts";
import { eventually } from "./eventually.ts";
import { newModelRun } from "./model-run.ts";
import { attemptEntry, deltaEntry } from "./streams.ts";

interface SceneParts {
  readonly log: RunLog;
  readonly hub: RunHub;
  readonly admin: Redis;
}

export const stands = async () => "stands" as const;

/** A run with its row, its log, and a clock that can be put forward. */
export function createScene({ log, hub, admin }: SceneParts) {
  let row: Run | null = newModelRun();
  const { id: runId, ...first } = row;
  let skew = 0;
  const deps: WatchDeps = {
    gateway: { onPause: () => () => {} },
    log,
    hub,
    reader: { runs: { find: async () => row }, confirmAgain: stands },
    reauthorizeMs: 60_000,
    clock: { ...systemClock, now: () => systemClock.now() + skew },
  };
  return {
    runId,
    deps,
    row: { id: runId, ...first },
    setRow: (next: Run | null) => {
      row = next;
    },
    putClockForward: (ms: number) => {
      skew += ms;
    },
    say: (attempt: number, ...pieces: string[]) =>
      log.append({ runId, attempt }, 0, [
        attemptEntry(attempt),
        ...pieces.map((piece, index) => deltaEntry(piece, pieces.slice(0, index).join("").length)),
      ]),
    forgetLog: () => admin.del(`{run:${runId}}:log`, `{run:${runId}}:meta`),
  };
}

interface ReadOptions {
  readonly after?: string;
  /** The reader takes no more after an event of this type. */
  readonly until?: ReaderEvent["type"];
}

/** Reads to the end, or until the reader leaves; `events` grows meanwhile. */
export function read(deps: WatchDeps, run: Run, { after, until }: ReadOptions = {}) {
  const events: ReaderEvent[] = [];
  const leaving = new AbortController();
  const cursor = after === undefined ? null : parseCursor(after);
  const done = watchRun(deps, { run, after: cursor, signal: leaving.signal }, (event) => {
    events.push(event);
    return event.type !== until;
  });
  closeAfter(() => leaving.abort());
  return { events, done, leave: () => leaving.abort() };
}

export const received = (events: readonly ReaderEvent[], wanted: number, withinMs?: number) =>
  eventually(
    () => events.length,
    (count) => count === wanted,
    withinMs,
  );

/** The events in a word each, and text as it is. */
export const shape = (events: readonly ReaderEvent[]) =>
  events.map((event) => {
    if (event.type === "delta") return event.data.text;
    return event.type === "snapshot" ? `snapshot ${event.data.text}` : event.type;
  });
