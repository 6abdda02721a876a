/**
 * Makes the reads of one user that come at about the same time as one request, so that thousands of
 * streams on which nothing happens cost the database ten requests a second at most.
 *
 * 1. A read that comes alone is made at once, of the whole row.
 * 2. Reads that come during another one of this user, or in the tenth of a second after it, are made
 *    together when it is over, without the inputs and outputs, which can be a megabyte each. 100 of them
 *    do not wait for more.
 * 3. When such a read shows that the run has changed, the whole row is read once for all readers of
 *    this user who ask for it in the same turn: a run that ends may have hundreds of them.
 * 4. A caller whose signal aborts stops waiting at once. The others of its request go on, and a
 *    request for which nobody waits is aborted.
 */
import type { Run } from "../contract/index.ts";
import type { Clock } from "../runtime/index.ts";
import { toDatabaseError } from "./database-error.ts";

export interface RunReads {
  one(id: string, signal: AbortSignal): Promise<Run | null>;
  /** Rows without inputs and outputs. A row that cannot be parsed is the problem of who asked for it. */
  many(ids: readonly string[], signal: AbortSignal): Promise<readonly SummaryRow[]>;
}

export interface SummaryRow {
  readonly id: string;
}

/** Null for an unknown or a foreign run. */
type FoundRun =
  | { readonly kind: "run"; readonly run: Run }
  | { readonly kind: "summary"; readonly row: SummaryRow }
  | null;

interface RunRead {
  readonly id: string;
  readonly signal: AbortSignal;
}

/** `reads` act as `user`, whose reads are made as one. */
type Gathered<Found> = (user: string, reads: RunReads, read: RunRead) => Promise<Found>;

export interface GatheredReads {
  readonly any: Gathered<FoundRun>;
  readonly whole: Gathered<Run | null>;
}

interface Waiting<Row> {
  readonly id: string;
  resolve(found: Row | null): void;
  reject(error: unknown): void;
  /** Set once its request is under way. */
  onLeave: (() => void) | null;
}

/** With the names of the columns they make a URL of 4.3 KiB. Proxies accept 8 KiB. */
const MOST_IDS = 100;
/** Nobody notices it, and the streams that look at their rows in one turn do so within it. */
const GATHER_MS = 100;
/** How the client of the database reports an abort. */
const ABORTED = { message: "AbortError: nobody waits for the answer" };

export function gatherRunReads(clock: Pick<Clock, "sleep">): GatheredReads {
  return { any: gatherReads(clock), whole: shareWholeReads() };
}

function gatherReads({ sleep }: Pick<Clock, "sleep">): Gathered<FoundRun> {
  /** Of the users who read just now: who waits for the next request. */
  const queues = new Map<string, Waiting<SummaryRow>[]>();

  async function readOn(
    user: string,
    reads: RunReads,
    queue: Waiting<SummaryRow>[],
  ): Promise<void> {
    for (;;) {
      if (queue.length < MOST_IDS) await sleep(GATHER_MS);
      const batch = queue.splice(0, MOST_IDS);
      if (batch.length === 0) break;
      await readTogether(batch, reads.many);
    }
    queues.delete(user);
  }

  return async (user, reads, { id, signal }) => {
    const underWay = queues.get(user);
    if (underWay) {
      const row = await waitIn(underWay, { id, signal });
      return row && { kind: "summary", row };
    }
    const queue: Waiting<SummaryRow>[] = [];
    queues.set(user, queue);
    try {
      const run = await reads.one(id, signal);
      return run && { kind: "run", run };
    } finally {
      void readOn(user, reads, queue);
    }
  };
}

/** A read that began in an earlier turn is not shared: the row may have changed since. */
function shareWholeReads(): Gathered<Run | null> {
  const queues = new Map<string, Waiting<Run>[]>();
  return (user, reads, read) => {
    // guards G18: shared rows
    const key = `${user} ${read.id}`;
    const known = queues.get(key);
    if (known) return waitIn(known, read);
    const queue: Waiting<Run>[] = [];
    queues.set(key, queue);
    setImmediate(() => {
      queues.delete(key);
      if (queue.length === 0) return;
      void readTogether(queue, async (_ids, signal) => {
        const run = await reads.one(read.id, signal);
        return run ? [run] : [];
      });
    });
    return waitIn(queue, read);
  };
}

function waitIn<Row>(queue: Waiting<Row>[], { id, signal }: RunRead): Promise<Row | null> {
  const { promise, ...settle } = Promise.withResolvers<Row | null>();
  const waiting: Waiting<Row> = { id: id.toLowerCase(), ...settle, onLeave: null };
  const leave = (): void => {
    const place = queue.indexOf(waiting);
    if (place >= 0) queue.splice(place, 1);
    waiting.onLeave?.();
    waiting.reject(toDatabaseError({ name: "agent_runs", caller: "user" }, ABORTED, 0));
  };
  if (signal.aborted) leave();
  else queue.push(waiting);
  signal.addEventListener("abort", leave, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", leave));
}

/** Never rejects: each caller gets the answer, or the error. */
async function readTogether<Row extends SummaryRow>(
  batch: readonly Waiting<Row>[],
  many: (ids: readonly string[], signal: AbortSignal) => Promise<readonly Row[]>,
): Promise<void> {
  const abandoned = new AbortController();
  let left = batch.length;
  for (const waiting of batch) {
    waiting.onLeave = () => {
      left -= 1;
      if (left === 0) abandoned.abort();
    };
  }
  try {
    const rows = await many([...new Set(batch.map(({ id }) => id))], abandoned.signal);
    const found = new Map(rows.map((row) => [row.id, row]));
    for (const { id, resolve } of batch) resolve(found.get(id) ?? null);
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
