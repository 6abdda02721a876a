/**
 * Writes the events of one attempt to the run's log, in order and without gaps.
 *
 * One append is in flight at a time. Events that arrive meanwhile form the next append, with
 * neighbouring deltas joined. An entry that has a number never changes. So an append whose outcome
 * is unknown is sent again unchanged, and after Redis has lost the tail of the log the writer
 * rewinds to the gap. An outage of Redis does not stop a run: its events wait here.
 */
import type { AttemptRef, WorkEvent } from "@cmo/shared/contract";
import { type Clock, type Logger, within } from "@cmo/shared/runtime";
import type { AppendResult, LogEntry, RunLog } from "@cmo/shared/stream";

export interface EventWriter {
  push(event: WorkEvent): void;
  /** True when everything pushed so far is in the log; false when that takes longer than `ms`. */
  flushed(ms: number): Promise<boolean>;
  /** Nothing is appended after this. */
  stop(): void;
}

export interface EventWriterOptions {
  readonly log: RunLog;
  readonly run: AttemptRef;
  readonly clock: Clock;
  readonly logger: Logger;
  /** When text may be appended; null for at once. Text that arrives meanwhile is joined. */
  readonly nextFlush: () => Promise<void> | null;
  /** The log refused this attempt: the run has another attempt or has ended. */
  readonly onRefused: () => void;
}

/** Bounds one call of the append script, which blocks Redis while it runs. */
const ENTRIES_PER_APPEND = 256;
/** After an append without an answer. Shorter than an outage, long enough not to flood Redis. */
const RETRY_MS = 200;

export function createEventWriter(options: EventWriterOptions): EventWriter {
  const { clock } = options;
  const numbered: LogEntry[] = [];
  let waiting: WorkEvent[] = [];
  let next = 0;
  let closed = false;
  let working: Promise<void> | null = null;

  async function work(): Promise<void> {
    while (!closed && (next < numbered.length || waiting.length > 0)) {
      // Only text waits for the flush. Any other event is appended at once.
      if (next === numbered.length && waiting.every(({ type }) => type === "delta")) {
        await options.nextFlush();
        if (closed) break;
      }
      numbered.push(...waiting.map(toEntry));
      waiting = [];
      const result = await append(options, next, numbered.slice(next, next + ENTRIES_PER_APPEND));
      if (result === null) await clock.sleep(RETRY_MS);
      else applyResult(result);
    }
    // Cleared in the same turn as the loop's check, so that a later event starts a new round.
    working = null;
  }

  function applyResult(result: AppendResult): void {
    switch (result.kind) {
      case "appended":
        next = result.seq + 1;
        return;
      case "gap":
        options.logger.warn({ from: next, to: result.seq + 1 }, "The writer rewound to a gap");
        // guards G6: rewind
        next = result.seq + 1;
        return;
      case "full":
        options.logger.warn("The log was full; readers get the rest of the text from the row");
        numbered.length = result.seq + 1;
        next = numbered.length;
        closed = true;
        return;
      case "fenced":
      case "closed":
        closed = true;
        options.onRefused();
        return;
    }
  }

  return {
    push(event) {
      if (closed) return;
      join(waiting, event);
      working ??= work();
    },
    async flushed(ms) {
      if (working === null) return true;
      const written = working.then(() => true);
      return (await within(clock, ms, written)) ?? false;
    },
    stop() {
      closed = true;
    },
  };
}

/** Null when the outcome is unknown. An append may be repeated, since the log drops duplicates. */
async function append(
  { log, run, logger }: EventWriterOptions,
  first: number,
  entries: readonly LogEntry[],
): Promise<AppendResult | null> {
  try {
    return await log.append(run, first, entries);
  } catch (error) {
    logger.debug({ error }, "An append failed; it will be repeated");
    return null;
  }
}

/** Joins a delta to the one before it, which has no number yet. */
function join(waiting: WorkEvent[], event: WorkEvent): void {
  const last = waiting.at(-1);
  if (event.type === "delta" && last?.type === "delta") {
    const { text, offset } = last.data;
    waiting[waiting.length - 1] = { type: "delta", data: { text: text + event.data.text, offset } };
  } else {
    waiting.push(event);
  }
}

function toEntry({ type, data }: WorkEvent): LogEntry {
  return { type, data: JSON.stringify(data) };
}
