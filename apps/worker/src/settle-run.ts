/**
 * What becomes of a run after its agent: an ending or a release. The ledger is told first, and
 * only what it committed is made known.
 */
import { isTerminal, type Run } from "@cmo/shared/contract";
import type { AttemptRef, RunLedger, RunRelease } from "@cmo/shared/db";
import type { RunQueue } from "@cmo/shared/queue";
import { AppError, type Clock, type Logger } from "@cmo/shared/runtime";
import { backOff, type Decision, decide, type Settlement, textOf } from "./decide-ending.ts";
import type { LiveRun } from "./live-runs.ts";
import type { EndTeller } from "./tell-ends.ts";

export interface SettleDeps {
  readonly ledger: RunLedger;
  readonly queue: RunQueue;
  readonly ends: EndTeller;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
}

/** Readers that are behind get the rest from the row. */
const LAST_EVENTS_MS = 1000;
const LEDGER_RETRY_MS = { first: 250, most: 2000 };

export async function settleRun(deps: SettleDeps, settlement: Settlement): Promise<void> {
  const { run, live, writer, outcome } = settlement;
  const ref = { id: run.id, attempt: run.attempt };
  await writer.flushed(LAST_EVENTS_MS);
  const decision = decide(settlement, live.reason(), deps.random());
  if (decision.kind === "discard") {
    deps.log.warn({ reason: live.reason() }, "The attempt's work was dropped: it is not ours now");
    return;
  }
  if (outcome.kind === "failed") {
    deps.log.warn({ code: outcome.code, detail: outcome.detail }, "The attempt failed");
  }
  if (outcome.kind === "completed" && outcome.bug !== undefined) {
    deps.log.error({ error: outcome.bug }, "The repair turn failed on a bug; the answer stands");
  }
  // guards G7
  const { run: row, next, release } = await persistOrGiveBack(deps, settlement, decision);
  writer.stop();
  if (row !== null) await announce(deps, ref, row, release);
  if (next) await deps.queue.add({ runId: next.id, attempt: next.attempt });
}

interface Committed {
  readonly run: Run | null;
  /** What this end has put into the queue: the next step of the run's pipeline. */
  readonly next?: AttemptRef | undefined;
}

type Persisted = Committed & { readonly release: RunRelease | null };

/**
 * A result that the ledger does not understand is a bug, of this code or of that: the attempt is
 * given back as failed, because a run that is merely let go would be found and worked on again
 * without anybody counting.
 */
async function persistOrGiveBack(
  deps: SettleDeps,
  { run, live, outcome, agentVersion }: Settlement,
  decision: Exclude<Decision, { kind: "discard" }>,
): Promise<Persisted> {
  const ref = { id: run.id, attempt: run.attempt };
  const give = async (release: RunRelease): Promise<Persisted> => {
    const committed = await persist(deps, live, () => deps.ledger.release(ref, release));
    return { ...committed, release };
  };
  if (decision.kind === "release") return give(decision.release);
  try {
    const committed = await persist(deps, live, () => deps.ledger.finalize(ref, decision.result));
    return { ...committed, release: null };
  } catch (error) {
    if (isOthers(live)) throw error;
    deps.log.error({ error }, "The ledger refused the result; the attempt is given back");
    const { code, message } = INTERNAL;
    const delay_ms = backOff(run.attempt, deps.random());
    // It may be the text that was refused.
    const untold = { ...textOf(outcome, agentVersion), output_text: "", text_length: 0 };
    return give({ ...untold, kind: "failed", delay_ms, code, message });
  }
}

const INTERNAL = {
  code: "internal",
  message: "The result could not be stored. Try again; if it happens again, tell support.",
} as const;

/**
 * Asks until the ledger answers: what was paid for must not be lost because the database was away
 * for a minute. Ends early when the run is no longer ours.
 */
async function persist(
  deps: SettleDeps,
  live: LiveRun,
  call: () => Promise<Committed>,
): Promise<Committed> {
  let waitMs = LEDGER_RETRY_MS.first;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const away = error instanceof AppError && error.code === "database_unavailable";
      if (!away || isOthers(live)) throw error;
      deps.log.warn({ error }, "The ledger is away; the result is kept and sent again");
      await deps.clock.sleep(waitMs);
      waitMs = Math.min(waitMs * 2, LEDGER_RETRY_MS.most);
    }
  }
}

function isOthers(live: LiveRun): boolean {
  return live.reason() === "lost" || live.reason() === "superseded";
}

/**
 * The ledger bounds how long a run may be put off. A job that waits for longer than that would keep
 * the sweep's from being added in time, so long waits are the sweep's alone.
 */
const ADDED_AHEAD_MS = 60_000;

/** The row is committed. Whoever did that, its end is the same; an unknown one is not ours. */
async function announce(
  deps: SettleDeps,
  ref: AttemptRef,
  row: Run,
  release: RunRelease | null,
): Promise<void> {
  if (isTerminal(row)) {
    deps.log.info({ status: row.status, durationMs: row.duration_ms }, "Run ended");
    await deps.ends.tell({ runId: row.id, attempt: row.attempt });
  } else if (release !== null && row.attempt === ref.attempt) {
    const { kind, delay_ms: delayMs } = release;
    deps.log.info({ kind, delayMs }, "Run released");
    if (delayMs > ADDED_AHEAD_MS) return;
    await deps.queue.add({ runId: row.id, attempt: row.attempt, delayMs });
  }
}
