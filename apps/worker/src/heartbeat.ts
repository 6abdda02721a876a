/**
 * Renews this process's lease, and learns which of its runs users have asked to cancel.
 *
 * A process that has lost its lease aborts every run that it holds and continues under a new
 * worker id, because other workers may have claimed those runs.
 */
import type { RunLedger } from "@cmo/shared/db";
import type { Logger } from "@cmo/shared/runtime";
import type { LiveRuns } from "./live-runs.ts";

/** The id under which the ledger knows this process. A lost lease changes it. */
export interface WorkerIdentity {
  id: string;
}

export interface HeartbeatDeps {
  readonly ledger: RunLedger;
  readonly live: LiveRuns;
  readonly identity: WorkerIdentity;
  readonly newId: () => string;
  readonly settings: { readonly heartbeatMs: number };
  readonly log: Logger;
}

/** Half a lease, so that another heartbeat fits in when the answer to one is lost. */
const ANSWER_WITHIN_HEARTBEATS = 2;

/** Returns how many runs the ledger counts for this worker, or null when the lease was lost. */
export async function heartbeat(deps: HeartbeatDeps): Promise<number | null> {
  const { ledger, live, identity, newId, settings, log } = deps;
  const { id: workerId } = identity;
  const answerInTime = () => AbortSignal.timeout(ANSWER_WITHIN_HEARTBEATS * settings.heartbeatMs);
  const reply = await ledger.heartbeat(workerId, answerInTime());
  if (reply.lost) {
    // Heartbeats may overlap. Only the first to learn of the loss drops the runs of `workerId`.
    if (identity.id === workerId) {
      log.warn({ workerId, held: live.size }, "The lease was lost; the worker got a new id");
      live.abortAll("lost");
      identity.id = newId();
    }
    await ledger.heartbeat(identity.id, answerInTime());
    return null;
  }
  for (const { runId, attempt } of reply.cancel) live.abort(runId, attempt, "cancelled");
  return reply.held;
}
