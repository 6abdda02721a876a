/**
 * Finalizes or releases a run after its agent has finished. Only what the ledger has committed is
 * announced.
 */
import type { AgentOutcome } from "@cmo/agents";
import { type AttemptRef, attemptOf, isTerminal, type Run } from "@cmo/shared/contract";
import type { RunLedger, RunRelease } from "@cmo/shared/db";
import { MAX_JOB_DELAY_MS, type RunQueue } from "@cmo/shared/queue";
import { type Clock, type Logger, retryWhileUnavailable } from "@cmo/shared/runtime";
import type { EndAnnouncer } from "./announce-ends.ts";
import { decideEnding, type Ending, type FinishedAttempt, retryDelayMs } from "./decide-ending.ts";
import type { LiveRun } from "./live-runs.ts";
import { createOutageLog } from "./outage-log.ts";

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

/** Resolves with whether another run may wait. */
export async function endAttempt(
  deps: EndAttemptDeps,
  finished: FinishedAttempt,
): Promise<boolean> {
  const { live, writer } = finished;
  // guards G7
  const committed = await commitEnding(deps, finished);
  writer.stop();
  if (committed === null) return true;
  const { run: row, next, release, waiting } = committed;
  if (row !== null) await announce(deps, { live, row, release });
  if (next) await deps.queue.add(next);
  return waiting;
}

interface Committed {
  readonly run: Run | null;
  /** Whether this worker may find another run now. */
  readonly waiting: boolean;
  /** The run of the pipeline's next step, which this end has put into the queue. */
  readonly next?: AttemptRef | undefined;
}

type Persisted = Committed & { readonly release: RunRelease | null };

/**
 * An ending that cannot be decided, or that the ledger refuses, is a bug. The attempt is then
 * released as failed, which counts it: otherwise the run would be requeued without any limit.
 * Null when the run was lost.
 */
async function commitEnding(
  deps: EndAttemptDeps,
  finished: FinishedAttempt,
): Promise<Persisted | null> {
  const { live, writer } = finished;
  try {
    await writer.flushed(LAST_EVENTS_MS);
    const ending = decideEnding(finished, live.reason(), deps.random());
    if (ending.kind === "discard") {
      deps.log.warn({ reason: live.reason() }, "The result was discarded: the run was lost");
      return null;
    }
    logOutcome(deps.log, finished.outcome);
    return await persistEnding(deps, live, ending);
  } catch (error) {
    if (isLost(live)) {
      deps.log.error(
        { reason: live.reason() },
        "The result was dropped: the run is held no longer",
      );
      throw error;
    }
    deps.log.error({ error }, "The ledger refused the result; the run is released as failed");
    return releaseAsFailed(deps, finished);
  }
}

function logOutcome(log: Logger, outcome: AgentOutcome): void {
  if (outcome.kind === "failed") {
    log.warn({ code: outcome.code, detail: outcome.detail }, "The attempt failed");
  }
  if (outcome.kind === "completed" && outcome.bug !== undefined) {
    log.error({ error: outcome.bug }, "The repair turn threw; the first answer was kept");
  }
}

/**
 * Repeats the call until the ledger answers, because an outage must not lose a result that was
 * paid for. Stops when the run no longer belongs to this attempt: at the latest when the sweep may
 * have ended it.
 */
async function persistEnding(
  deps: EndAttemptDeps,
  live: LiveRun,
  ending: Exclude<Ending, { kind: "discard" }>,
): Promise<Persisted> {
  const outage = createOutageLog(deps.log, "The result is kept and sent again.");
  const policy = { waitMs: retryWaitMs, onRetry: outage.failed };
  const call = (): Promise<Committed> =>
    ending.kind === "finalize"
      ? deps.ledger.finalize(live, ending.result)
      : deps.ledger.release(live, ending.release);
  const committed = await retryWhileUnavailable(deps.clock, policy, call, () => isLost(live));
  outage.ended();
  return { ...committed, release: ending.kind === "release" ? ending.release : null };
}

/**
 * Carries nothing that came from outside, because that may be what the ledger refused. Whatever the
 * ledger answers, the call is repeated until the run's time is over: while the run is held here,
 * nobody asks the gateway again, and a run that is dropped would not be counted.
 */
async function releaseAsFailed(
  deps: EndAttemptDeps,
  { live, outcome }: FinishedAttempt,
): Promise<Persisted> {
  const release: RunRelease = {
    kind: "failed",
    code: outcome.kind === "failed" ? outcome.code : "internal",
    delay_ms: retryDelayMs(live.attempt, deps.random()),
  };
  const outage = createOutageLog(deps.log, "The run is held, and its release is sent again.");
  // guards G11: refused release
  const policy = { waitMs: retryWaitMs, isUnavailable: () => true, onRetry: outage.failed };
  const call = () => deps.ledger.release(live, release);
  const stop = () => isLost(live) || live.isOverdue();
  const committed = await retryWhileUnavailable(deps.clock, policy, call, stop);
  outage.ended();
  return { ...committed, release };
}

function retryWaitMs(failures: number): number {
  return Math.min(LEDGER_RETRY_MS.first * 2 ** (failures - 1), LEDGER_RETRY_MS.max);
}

function isLost(live: LiveRun): boolean {
  return live.reason() === "lost" || live.reason() === "superseded";
}

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
