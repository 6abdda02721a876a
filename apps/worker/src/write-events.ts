/**
 * Puts one attempt's events into the run's log, in order and without holes.
 *
 * One append is in flight at a time; what arrives meanwhile is the next one, with neighbouring
 * deltas joined. An entry once numbered is never cut anew, so an unknown outcome is answered by
 * sending the same again, and a Redis that lost its tail by rewinding. Redis being away stops
 * nothing: the events wait here.
 */
import type { WorkEvent } from "@cmo/shared/contract";
import type { Clock, Logger } from "@cmo/shared/runtime";
import type { AppendResult, LogEntry, RunLog, RunWriter } from "@cmo/shared/stream";

export interface EventWriter {
  push(event: WorkEvent): void;
  /** True when everything pushed so far is in the log, false when that took longer than `ms`. */
  flushed(ms: number): Promise<boolean>;
  /** Nothing is appended after this. */
  stop(): void;
}

export interface EventWriterOptions {
  readonly log: RunLog;
  readonly run: RunWriter;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long to gather text before the next append, in milliseconds; 0 when there is no need. */
  readonly gatherMs: () => number;
  /** The log refused this attempt: the run has been lost to another attempt or has ended. */
  readonly onRefused: () => void;
}

const ENTRIES_AN_APPEND = 256;
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
      if (next === numbered.length) await gather(options, waiting);
      if (closed) break;
      numbered.push(...waiting.map(toEntry));
      waiting = [];
      const result = await append(options, next, numbered.slice(next, next + ENTRIES_AN_APPEND));
      if (result === null) await clock.sleep(RETRY_MS);
      else settle(result);
    }
    // In the same turn as the check above: an event that comes after it must start the next round.
    working = null;
  }

  function settle(result: AppendResult): void {
    switch (result.kind) {
      case "appended":
        next = result.seq + 1;
        return;
      case "gap":
        options.logger.warn({ from: next, to: result.seq + 1 }, "The log lost its tail; rewound");
        // guards G6: rewind
        next = result.seq + 1;
        return;
      case "full":
        options.logger.warn("The log is full; the rest of the text will come from the row");
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
      const timeout = new AbortController();
      const written = working.then(() => true);
      const late = clock.sleep(ms, timeout.signal).then(() => false);
      return Promise.race([written, late]).finally(() => timeout.abort());
    },
    stop() {
      closed = true;
    },
  };
}

/** Only text is worth gathering: whoever waits for anything else waits for it alone. */
async function gather(
  { clock, gatherMs }: Pick<EventWriterOptions, "clock" | "gatherMs">,
  waiting: readonly WorkEvent[],
): Promise<void> {
  const ms = gatherMs();
  if (ms > 0 && waiting.every(({ type }) => type === "delta")) await clock.sleep(ms);
}

/** Null when the outcome is unknown, which Redis' own bookkeeping makes safe to repeat. */
async function append(
  { log, run, logger }: EventWriterOptions,
  first: number,
  entries: readonly LogEntry[],
): Promise<AppendResult | null> {
  try {
    return await log.append(run, first, entries);
  } catch (error) {
    logger.debug({ error }, "An append failed; it is sent again");
    return null;
  }
}

/** Text that has not been numbered yet is one event, however many pieces it came in. */
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
