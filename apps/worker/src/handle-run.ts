/**
 * Handles one job: claims its run, works on it, and finalizes or releases it.
 *
 * Returning completes the job. It throws when the ledger is unavailable: the run stays as it is,
 * and the sweep enqueues it again.
 */
import { agentByName } from "@cmo/agents";
import { attemptOf } from "@cmo/shared/contract";
import type { Claim, ClaimedWork } from "@cmo/shared/db";
import { type Logger, retryWhileUnavailable } from "@cmo/shared/runtime";
import type { RunLog } from "@cmo/shared/stream";
import { type EndAttemptDeps, endAttempt } from "./end-attempt.ts";
import type { FlushClock } from "./flush-clock.ts";
import { type HeartbeatDeps, heartbeat } from "./heartbeat.ts";
import type { LiveRun } from "./live-runs.ts";
import { type WorkDeps, workOnRun } from "./work-on-run.ts";
import { createEventWriter, type EventWriter } from "./write-events.ts";

export interface HandleRunDeps extends EndAttemptDeps, WorkDeps, HeartbeatDeps {
  readonly runLog: RunLog;
  readonly flushClock: FlushClock;
  readonly endGraceMs?: number;
}

/** Covers an outage of a second. After a longer one the sweep enqueues the run again. */
const CLAIM_RETRY = { maxCalls: 3, waitMs: 200 };

/**
 * The ledger's `end_grace`, and two turns of the sweep: the run has ended then. A result that the
 * ledger does not take would otherwise occupy a slot for ever.
 */
const END_GRACE_MS = 12_000;

/** `wasCancelled` keeps a cancel that arrived before the answer to the claim. */
type Claimed = ClaimedWork & { readonly wasCancelled?: boolean };
type ClaimAnswer = Exclude<Claim, ClaimedWork> | Claimed;

export async function handleRun(deps: HandleRunDeps, runId: string): Promise<void> {
  const claim = await claimRun(deps, runId);
  switch (claim.kind) {
    case "claimed":
      return attemptRun(deps, claim);
    case "terminal":
    case "cancelled":
      // `announce` is idempotent. The process that ended the run may have crashed before it.
      await deps.ends.announce({ runId, attempt: claim.attempt });
      return;
    case "worker_lost":
      deps.log.warn({ runId }, "The claim failed because the lease was lost");
      return;
    case "missing":
    case "expired":
    case "held":
      deps.log.info({ runId, answer: claim.kind }, "The job needed no work");
      return;
  }
}

/** Renews a lost lease and claims again, because a process without a lease would drop every job. */
async function claimRun(deps: HandleRunDeps, runId: string): Promise<ClaimAnswer> {
  const claim = await claimOnce(deps, runId);
  if (claim.kind !== "worker_lost") return claim;
  await heartbeat(deps);
  return claimOnce(deps, runId);
}

/** An answer that arrives after the worker was lost does not count: the sweep requeues that run. */
async function claimOnce(deps: HandleRunDeps, runId: string): Promise<ClaimAnswer> {
  const { id } = deps.identity;
  const asked = deps.live.claiming(runId);
  try {
    const claim = await claimWithRetries(deps, runId, id);
    if (claim.kind === "claimed" && deps.identity.id !== id) return { kind: "worker_lost" };
    return claim.kind === "claimed" ? { ...claim, wasCancelled: asked.wasCancelled } : claim;
  } finally {
    asked.answered();
  }
}

/** Retries through a short outage, because the sweep would enqueue the run much later. */
function claimWithRetries(deps: HandleRunDeps, runId: string, workerId: string): Promise<Claim> {
  const policy = {
    maxCalls: CLAIM_RETRY.maxCalls,
    waitMs: (failures: number) => CLAIM_RETRY.waitMs * failures * (1 + deps.random()),
  };
  return retryWhileUnavailable(deps.clock, policy, () => deps.ledger.claim(runId, workerId));
}

async function attemptRun(deps: HandleRunDeps, claimed: Claimed): Promise<void> {
  const { id, attempt, agent, claimed_at, deadline_at } = claimed.run;
  const live = deps.live.hold(attemptOf(claimed.run));
  if (claimed.wasCancelled) live.abort("cancelled");
  const log = deps.log.child({ runId: id, attempt, agent });
  const writer = openWriter(deps, live, log);
  const ended = new AbortController();
  // Both times are the database's, so the clock of this process does not matter.
  // guards G14
  const msLeft = Math.max(0, Date.parse(deadline_at) - Date.parse(claimed_at));
  void limitTime(deps, { live, msLeft, ended: ended.signal });
  try {
    log.info("Run claimed");
    const outcome = await workOnRun({ ...deps, log }, { claimed, writer, live });
    const agentVersion = agentByName(agent)?.version ?? null;
    await endAttempt({ ...deps, log }, { live, writer, outcome, agentVersion });
  } finally {
    ended.abort();
    writer.stop();
    deps.live.remove(live);
  }
}

interface TimeLimit {
  readonly live: LiveRun;
  readonly msLeft: number;
  readonly ended: AbortSignal;
}

/** Stops the run when its time is over, and gives it up once the sweep may have ended it. */
async function limitTime(
  { clock, endGraceMs = END_GRACE_MS }: HandleRunDeps,
  { live, msLeft, ended }: TimeLimit,
): Promise<void> {
  await clock.sleep(msLeft, ended);
  if (ended.aborted) return;
  live.abort("overdue");
  await clock.sleep(endGraceMs, ended);
  // guards G1: give up
  if (!ended.aborted) live.abort("superseded");
}

function openWriter(deps: HandleRunDeps, live: LiveRun, log: Logger): EventWriter {
  return createEventWriter({
    log: deps.runLog,
    run: live,
    clock: deps.clock,
    logger: log,
    nextFlush: deps.flushClock.next,
    onRefused: () => {
      log.warn("The log refused this attempt: the run had another attempt or had ended");
      live.abort("superseded");
    },
  });
}
