/**
 * The events of a run's current attempt, in order, replayable until they expire.
 *
 * Promises:
 * 1. Entries are numbered from 0 without gaps, and an entry never changes. `append` is idempotent.
 *    An append that would leave a gap is refused with `gap`.
 * 2. A writer whose attempt was superseded is refused with `fenced`, and a writer whose run has
 *    ended with `closed`. It has lost the run and must stop.
 * 3. The first entry of an attempt withdraws the entries of earlier attempts.
 * 4. `end` closes the log at a fixed place and is idempotent, whoever calls it.
 * 5. `read` returns exactly the entries after a cursor, oldest first.
 */
import { type AttemptRef, endIdOf } from "../contract/index.ts";
import { connectForCommands, watchAnswers, writeTogether } from "../redis/index.ts";
import type { Logger } from "../runtime/index.ts";
import { keysOf } from "./keys.ts";
import { LOG_SCRIPTS } from "./log-scripts.ts";
import { type LogEntry, LoggedEntry } from "./logged-entry.ts";

export type AppendResult =
  | { readonly kind: "appended" | "full"; readonly seq: number }
  | { readonly kind: "gap"; readonly seq: number }
  | { readonly kind: "fenced" | "closed" };

export interface RunLog {
  append(writer: AttemptRef, firstSeq: number, entries: readonly LogEntry[]): Promise<AppendResult>;
  end(run: AttemptRef): Promise<void>;
  /** Returns at most `limit` entries after `after`, or from the beginning when it is null. */
  read(runId: string, after: string | null, limit?: number): Promise<LoggedEntry[]>;
  has(runId: string, id: string): Promise<boolean>;
  isReady(): boolean;
  close(): Promise<void>;
}

export interface RunLogOptions {
  readonly url: string;
  readonly log: Logger;
  readonly limits?: Partial<LogLimits>;
}

interface LogLimits {
  /** Long enough for a reader to return on the next day. */
  readonly keepMs: number;
  /** More than a megabyte of text needs, so that only a runaway answer reaches it. */
  readonly maxEvents: number;
  readonly maxBytes: number;
}

const LIMITS: LogLimits = { keepMs: 24 * 3_600_000, maxEvents: 50_000, maxBytes: 4 * 1024 * 1024 };
/** Entries of one read, so that a long log is read in parts. */
const READ_LIMIT = 500;

export function createRunLog(options: RunLogOptions): RunLog {
  const redis = connectForCommands(options.url, LOG_SCRIPTS, options.log);
  const isReady = watchAnswers(redis, options.log);
  const connection = writeTogether(redis);
  const limits = { ...LIMITS, ...options.limits };

  return {
    async append({ runId, attempt }, firstSeq, entries) {
      const keys = keysOf(runId);
      const [kind, value] = await connection().appendEvents(
        keys.log,
        keys.meta,
        keys.live,
        attempt,
        firstSeq,
        limits.keepMs,
        limits.maxEvents,
        limits.maxBytes,
        ...entries.flatMap((entry) => [entry.type, entry.data]),
      );
      return toResult(kind, value);
    },
    async end({ runId, attempt }) {
      const keys = keysOf(runId);
      await connection().endLog(
        keys.log,
        keys.meta,
        keys.live,
        attempt,
        endIdOf(attempt),
        limits.keepMs,
      );
    },
    async read(runId, after, limit = READ_LIMIT) {
      const from = after === null ? "-" : `(${after}`;
      const rows = await connection().xrange(keysOf(runId).log, from, "+", "COUNT", limit);
      return rows.map(toEntry);
    },
    async has(runId, id) {
      return (await connection().xrange(keysOf(runId).log, id, id)).length > 0;
    },
    isReady,
    async close() {
      redis.disconnect();
    },
  };
}

function toResult(kind: string, value: string): AppendResult {
  switch (kind) {
    case "OK":
      return { kind: "appended", seq: Number(value) };
    case "FULL":
      return { kind: "full", seq: Number(value) };
    case "GAP":
      return { kind: "gap", seq: Number(value) };
    case "FENCED":
      return { kind: "fenced" };
    case "CLOSED":
      return { kind: "closed" };
    default:
      throw new Error(`The append script answered ${kind}`);
  }
}

/** Redis returns a stream entry as an id and a flat list of fields and values. */
function toEntry([id, fields]: [id: string, fields: string[]]): LoggedEntry {
  const field = (name: string) => fields[fields.indexOf(name) + 1] ?? "";
  return new LoggedEntry(id, { type: field("type"), data: field("data") });
}
