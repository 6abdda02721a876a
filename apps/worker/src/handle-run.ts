/** Handles one claimed run: works on it, and finalizes or releases it. */
import { agentByName } from "@cmo/agents";
import { attemptOf } from "@cmo/shared/contract";
import type { Logger } from "@cmo/shared/runtime";
import type { RunLog } from "@cmo/shared/stream";
import type { ClaimedRun } from "./claim-next-run.ts";
import { type EndAttemptDeps, endAttempt } from "./end-attempt.ts";
import type { FlushClock } from "./flush-clock.ts";
import type { LiveRun, LiveRuns } from "./live-runs.ts";
import { type WorkDeps, workOnRun } from "./work-on-run.ts";
import { createEventWriter, type EventWriter } from "./write-events.ts";

export interface HandleRunDeps extends EndAttemptDeps, WorkDeps {
  readonly live: LiveRuns;
  readonly runLog: RunLog;
  readonly flushClock: FlushClock;
  readonly endGraceMs?: number;
}

/**
 * The ledger's `end_grace`, and two turns of the sweep: the run has ended then. A result that the
 * ledger does not take would otherwise occupy a slot for ever.
 */
const END_GRACE_MS = 12_000;

/**
 * Resolves with whether another run may wait. Throws when the ledger neither takes the result nor the
 * release: the run stays as it is, and the sweep ends it.
 */
export async function handleRun(deps: HandleRunDeps, claimed: ClaimedRun): Promise<boolean> {
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
    const outcome = await workOnRun({ ...deps, log }, { claimed, writer, signal: live.signal });
    const agentVersion = agentByName(agent)?.version ?? null;
    return await endAttempt({ ...deps, log }, { live, writer, outcome, agentVersion });
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
