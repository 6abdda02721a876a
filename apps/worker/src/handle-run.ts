/**
 * One job: look at the run, and if it can be claimed, work on it to an ending or a release.
 *
 * Returning completes the job. Throwing means that the ledger is away: the run stays as it is,
 * and the sweep brings it back.
 */
import { agentByName } from "@cmo/agents";
import type { Claim, ClaimedWork } from "@cmo/shared/db";
import { AppError, type Logger } from "@cmo/shared/runtime";
import type { RunLog } from "@cmo/shared/stream";
import { type BeatDeps, beat } from "./beat.ts";
import type { LiveRun } from "./live-runs.ts";
import { type SettleDeps, settleRun } from "./settle-run.ts";
import { type WorkDeps, workOnRun } from "./work-on-run.ts";
import { createEventWriter, type EventWriter } from "./write-events.ts";

export interface HandleRunDeps extends SettleDeps, WorkDeps, BeatDeps {
  readonly runLog: RunLog;
}

/** The superseded must be fenced before the gateway is asked; a Redis that is away is not waited for. */
const FIRST_EVENT_MS = 1000;

/** With so many runs an append for each piece would keep the process busy with sending. */
const CROWD = 100;
/** Shorter than a frame of a screen: nobody sees it. */
const GATHER_MS = 20;

const CLAIM_TRIES = 3;
const CLAIM_AGAIN_MS = 200;

/** A cancel that came before the claim's answer has nobody else to remember it. */
type Claimed = ClaimedWork & { readonly wasCancelled?: boolean };
type Answered = Exclude<Claim, ClaimedWork> | Claimed;

export async function handleRun(deps: HandleRunDeps, runId: string): Promise<void> {
  const claim = await claimRun(deps, runId);
  switch (claim.kind) {
    case "claimed":
      return attemptRun(deps, claim);
    case "terminal":
    case "cancelled":
      // Whoever ended it may have died before saying so; the end has one place, so twice is once.
      await deps.ends.tell({ runId, attempt: claim.attempt });
      return;
    case "worker_lost":
      deps.log.warn({ runId }, "Could not claim: the lease was lost; the sweep brings it back");
      return;
    case "missing":
    case "expired":
    case "held":
      deps.log.info({ runId, answer: claim.kind }, "Nothing to do for this job");
      return;
  }
}

/** A process without a lease would empty the queue of jobs that it may not claim: it beats first. */
async function claimRun(deps: HandleRunDeps, runId: string): Promise<Answered> {
  const claim = await claimOnce(deps, runId);
  if (claim.kind !== "worker_lost") return claim;
  await beat(deps);
  return claimOnce(deps, runId);
}

/** A claim whose answer comes after its worker was lost is no claim: the sweep takes the run back. */
async function claimOnce(deps: HandleRunDeps, runId: string): Promise<Answered> {
  const { id } = deps.identity;
  const asked = deps.live.claiming(runId);
  try {
    const claim = await claimInTime(deps, runId, id);
    if (claim.kind === "claimed" && deps.identity.id !== id) return { kind: "worker_lost" };
    return claim.kind === "claimed" ? { ...claim, wasCancelled: asked.wasCancelled } : claim;
  } finally {
    asked.answered();
  }
}

/** A moment's trouble is waited out: the sweep would bring the job back much later. */
async function claimInTime(deps: HandleRunDeps, runId: string, workerId: string): Promise<Claim> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await deps.ledger.claim(runId, workerId);
    } catch (error) {
      const isAway = error instanceof AppError && error.code === "database_unavailable";
      if (!isAway || tries === CLAIM_TRIES) throw error;
      await deps.clock.sleep(CLAIM_AGAIN_MS * tries * (1 + deps.random()));
    }
  }
}

async function attemptRun(deps: HandleRunDeps, claimed: Claimed): Promise<void> {
  const { id, attempt, agent, release_reason, claimed_at, deadline_at } = claimed.run;
  const live = deps.live.hold(id, attempt);
  if (claimed.wasCancelled) live.abort("cancelled");
  const log = deps.log.child({ runId: id, attempt, agent });
  const writer = openWriter(deps, live, log);
  const ended = new AbortController();
  // Both times are the database's: what is left of them is right whatever our own clock says.
  // guards G14
  const msLeft = Math.max(0, Date.parse(deadline_at) - Date.parse(claimed_at));
  void deps.clock.sleep(msLeft, ended.signal).then(() => {
    if (!ended.signal.aborted) live.abort("overdue");
  });
  try {
    log.info("Run claimed");
    writer.push({ type: "attempt", data: { attempt, reset: attempt > 1, reason: release_reason } });
    await writer.flushed(FIRST_EVENT_MS);
    const outcome = await workOnRun({ ...deps, log }, { claimed, writer, signal: live.signal });
    const agentVersion = agentByName(agent)?.version ?? null;
    await settleRun({ ...deps, log }, { run: claimed.run, live, writer, outcome, agentVersion });
  } finally {
    ended.abort();
    writer.stop();
    deps.live.letGo(live);
  }
}

function openWriter(deps: HandleRunDeps, live: LiveRun, log: Logger): EventWriter {
  return createEventWriter({
    log: deps.runLog,
    run: { runId: live.runId, attempt: live.attempt },
    clock: deps.clock,
    logger: log,
    gatherMs: () => (deps.live.size > CROWD ? GATHER_MS : 0),
    onRefused: () => {
      log.warn("The log refused this attempt: the run went on or ended without it");
      live.abort("superseded");
    },
  });
}
