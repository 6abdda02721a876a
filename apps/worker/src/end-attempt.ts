/**
 * Finalizes or releases a run after its agent has finished. Only what the ledger has committed is
 * announced.
 */
import { type AttemptRef, attemptOf, isTerminal, type Run } from "@cmo/shared/contract";
import type { RunLedger, RunRelease } from "@cmo/shared/db";
import type { RunQueue } from "@cmo/shared/queue";
import { type Clock, type Logger, retryWhileUnavailable } from "@cmo/shared/runtime";
import type { EndAnnouncer } from "./announce-ends.ts";
import {
  attemptText,
  decideEnding,
  type Ending,
  type FinishedAttempt,
  retryDelayMs,
} from "./decide-ending.ts";
import type { LiveRun } from "./live-runs.ts";

export interface EndAttemptDeps {
  readonly ledger: RunLedger;
  readonly queue: RunQueue;
  readonly ends: EndAnnouncer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
}

/** Readers that are behind get the rest from the row. */
const LAST_EVENTS_MS = 1000;
/** While the database is unavailable, the result is kept and sent again; the wait doubles. */
const LEDGER_RETRY_MS = { first: 250, max: 2000 };

export async function endAttempt(deps: EndAttemptDeps, finished: FinishedAttempt): Promise<void> {
  const { live, writer, outcome } = finished;
  await writer.flushed(LAST_EVENTS_MS);
  const ending = decideEnding(finished, live.reason(), deps.random());
  if (ending.kind === "discard") {
    deps.log.warn({ reason: live.reason() }, "The result was discarded: the run was lost");
    return;
  }
  if (outcome.kind === "failed") {
    deps.log.warn({ code: outcome.code, detail: outcome.detail }, "The attempt failed");
  }
  if (outcome.kind === "completed" && outcome.bug !== undefined) {
    deps.log.error({ error: outcome.bug }, "The repair turn threw; the first answer was kept");
  }
  // guards G7
  const { run: row, next, release } = await persistOrRelease(deps, finished, ending);
  writer.stop();
  if (row !== null) await announce(deps, { live, row, release });
  if (next) await deps.queue.add(next);
}

interface Committed {
  readonly run: Run | null;
  /** The run of the pipeline's next step, which this end has put into the queue. */
  readonly next?: AttemptRef | undefined;
}

type Persisted = Committed & { readonly release: RunRelease | null };

/**
 * A result that the ledger refuses is a bug, on either side. The attempt is then released as
 * failed, which counts it. Without that, the sweep would requeue the run without any limit.
 */
async function persistOrRelease(
  deps: EndAttemptDeps,
  { live, outcome, agentVersion }: FinishedAttempt,
  ending: Exclude<Ending, { kind: "discard" }>,
): Promise<Persisted> {
  const persistRelease = async (release: RunRelease): Promise<Persisted> => {
    const committed = await persist(deps, live, () => deps.ledger.release(live, release));
    return { ...committed, release };
  };
  if (ending.kind === "release") return persistRelease(ending.release);
  try {
    const committed = await persist(deps, live, () => deps.ledger.finalize(live, ending.result));
    return { ...committed, release: null };
  } catch (error) {
    if (isLost(live)) throw error;
    deps.log.error({ error }, "The ledger refused the result; the run was released as failed");
    const { code, message } = INTERNAL;
    const delay_ms = retryDelayMs(live.attempt, deps.random());
    // The text may be what the ledger refused.
    const withoutText = { ...attemptText(outcome, agentVersion), output_text: "", text_length: 0 };
    return persistRelease({ ...withoutText, kind: "failed", delay_ms, code, message });
  }
}

const INTERNAL = {
  code: "internal",
  message: "The result could not be stored. Try again; if it recurs, contact support.",
} as const;

/**
 * Repeats the call until the ledger answers, because an outage must not lose a result that was
 * paid for. Stops when the run no longer belongs to this attempt.
 */
function persist(
  { clock, log }: EndAttemptDeps,
  live: LiveRun,
  call: () => Promise<Committed>,
): Promise<Committed> {
  const { first, max } = LEDGER_RETRY_MS;
  const policy = {
    waitMs: (failures: number) => Math.min(first * 2 ** (failures - 1), max),
    onRetry: (error: unknown) =>
      log.warn({ error }, "The ledger was unavailable; the result was kept for another try"),
  };
  return retryWhileUnavailable(clock, policy, call, () => isLost(live));
}

function isLost(live: LiveRun): boolean {
  return live.reason() === "lost" || live.reason() === "superseded";
}

/**
 * The ledger bounds how long a run may be delayed. A job that waits for longer than that blocks
 * the sweep's job for the same attempt, so only the sweep enqueues runs with long delays.
 */
const MAX_JOB_DELAY_MS = 60_000;

/** Announces what the row says. An end is announced even if another process committed it. */
async function announce(
  deps: EndAttemptDeps,
  { live, row, release }: { live: LiveRun; row: Run; release: RunRelease | null },
): Promise<void> {
  if (isTerminal(row)) {
    deps.log.info({ status: row.status, durationMs: row.duration_ms }, "Run finalized");
    await deps.ends.announce(attemptOf(row));
  } else if (release !== null && row.attempt === live.attempt) {
    const { kind, delay_ms: delayMs } = release;
    deps.log.info({ kind, delayMs }, "Run released");
    if (delayMs > MAX_JOB_DELAY_MS) return;
    await deps.queue.add({ ...attemptOf(row), delayMs });
  }
}
