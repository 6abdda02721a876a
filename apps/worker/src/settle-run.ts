/**
 * What becomes of a run after its agent: an ending or a release. The ledger is told first, and
 * only what it committed is made known.
 */
import type { AgentOutcome, CompletedOutcome } from "@cmo/agents";
import { isTerminal, type Run, type Warning } from "@cmo/shared/contract";
import type { AttemptRef, AttemptText, RunLedger, RunRelease, RunResult } from "@cmo/shared/db";
import type { RunQueue } from "@cmo/shared/queue";
import { AppError, type Clock, type Logger } from "@cmo/shared/runtime";
import type { AbortReason, LiveRun } from "./live-runs.ts";
import type { EndTeller } from "./tell-ends.ts";
import type { EventWriter } from "./write-events.ts";

export interface SettleDeps {
  readonly ledger: RunLedger;
  readonly queue: RunQueue;
  readonly ends: EndTeller;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
}

export interface Settlement {
  readonly run: Pick<Run, "id" | "attempt" | "agent">;
  readonly live: LiveRun;
  readonly writer: EventWriter;
  readonly outcome: AgentOutcome;
  /** Null when this worker does not know the agent. */
  readonly agentVersion: number | null;
}

type Decision =
  | { readonly kind: "finalize"; readonly result: RunResult }
  | { readonly kind: "release"; readonly release: RunRelease }
  | { readonly kind: "discard" };

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
  const { run: row, next, release } = await persistOrGiveBack(deps, settlement, decision);
  writer.stop();
  if (row !== null) await announce(deps, ref, row, release);
  if (next) await deps.queue.add({ runId: next.id, attempt: next.attempt });
}

/** Pure: what the outcome means, given why the work may have been stopped. */
export function decide(
  { outcome, run, agentVersion }: Pick<Settlement, "outcome" | "run" | "agentVersion">,
  reason: AbortReason | null,
  random: number,
): Decision {
  if (reason === "lost" || reason === "superseded") return { kind: "discard" };
  const shared = textOf(outcome, agentVersion);
  if (outcome.kind === "completed") {
    const { output, artifacts } = outcome;
    const result = { ...shared, status: "completed", output, artifacts } as const;
    return { kind: "finalize", result: { ...result, warnings: warningsOf(outcome) } };
  }
  if (outcome.kind === "aborted") {
    if (reason === "cancelled") {
      return { kind: "finalize", result: { ...shared, status: "cancelled" } };
    }
    if (reason === "overdue") {
      // The sentence for it is the ledger's: the sweep ends runs for the same reason.
      const failure = { status: "failed", error_code: "deadline_exceeded" } as const;
      return { kind: "finalize", result: { ...shared, ...failure } };
    }
    return { kind: "release", release: { ...shared, kind: "drain", delay_ms: 0 } };
  }
  const { code, message } = outcome;
  if (outcome.release === null) {
    const failure = { error_code: code, error_message: message };
    return { kind: "finalize", result: { ...shared, status: "failed", ...failure } };
  }
  const delay_ms = outcome.retryAfterMs ?? backOff(run.attempt, random);
  return {
    kind: "release",
    release: { ...shared, kind: outcome.release, delay_ms, code, message },
  };
}

/** More than these are not read, and the row is no place for them. */
const WARNINGS_MAX = 50;

/** What was put right is no warning. */
function warningsOf({ findings }: CompletedOutcome): readonly Warning[] {
  return findings
    .filter(({ fixed }) => !fixed)
    .slice(0, WARNINGS_MAX)
    .map(({ kind, path, message }) => ({ kind, path, message }));
}

function textOf(outcome: AgentOutcome, agent_version: number | null): AttemptText {
  return {
    output_text: outcome.text,
    text_length: outcome.textLength,
    truncated: outcome.kind !== "aborted" && outcome.truncated,
    usage: outcome.usage,
    calls: outcome.calls,
    validation_steps: outcome.validationSteps,
    model: outcome.model,
    agent_version,
  };
}

/** 1 s, 4 s, 16 s, less up to a half, so that what failed together does not come back together. */
function backOff(attempt: number, random: number): number {
  return Math.round(1000 * 4 ** Math.min(attempt - 1, 3) * (1 - random / 2));
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
