/**
 * One job: look at the run, and if it can be claimed, work on it to an ending or a release.
 *
 * Returning completes the job. Throwing means that the ledger is away: the run stays as it is,
 * and the sweep brings it back.
 */
import { agentByName } from "@cmo/agents";
import type { ClaimedWork } from "@cmo/shared/db";
import type { Logger } from "@cmo/shared/runtime";
import type { WorkerIdentity } from "./beat.ts";
import type { LiveRun, LiveRuns } from "./live-runs.ts";
import { type SettleDeps, settleRun } from "./settle-run.ts";
import { type WorkDeps, workOnRun } from "./work-on-run.ts";
import { createEventWriter, type EventWriter } from "./write-events.ts";

export interface HandleRunDeps extends SettleDeps, WorkDeps {
  readonly live: LiveRuns;
  readonly identity: WorkerIdentity;
  readonly log: Logger;
}

/** The superseded must be fenced before the gateway is asked; a Redis that is away is not waited for. */
const FIRST_EVENT_MS = 1000;

export async function handleRun(deps: HandleRunDeps, runId: string): Promise<void> {
  const claim = await deps.ledger.claim(runId, deps.identity.id);
  switch (claim.kind) {
    case "claimed":
      return attemptRun(deps, claim);
    case "terminal":
    case "cancelled":
      // Whoever ended it may have died before saying so; the end has one place, so twice is once.
      await deps.runLog.end({ runId, attempt: claim.attempt }).catch(() => undefined);
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

async function attemptRun(deps: HandleRunDeps, claimed: ClaimedWork): Promise<void> {
  const { id, attempt, agent, release_reason } = claimed.run;
  const live = deps.live.hold(id, attempt);
  const log = deps.log.child({ runId: id, attempt, agent });
  const writer = openWriter(deps, live, log);
  try {
    log.info("Run claimed");
    writer.push({ type: "attempt", data: { attempt, reset: attempt > 1, reason: release_reason } });
    await writer.flushed(FIRST_EVENT_MS);
    const outcome = await workOnRun({ ...deps, log }, { claimed, writer, signal: live.signal });
    const agentVersion = agentByName(agent)?.version ?? null;
    await settleRun({ ...deps, log }, { run: claimed.run, live, writer, outcome, agentVersion });
  } finally {
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
    onRefused: () => {
      log.warn("The log refused this attempt: the run went on or ended without it");
      live.abort("superseded");
    },
  });
}
