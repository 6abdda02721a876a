/**
 * One beat a second keeps this process's right to hold runs, and brings back which of them were
 * asked to cancel. A process that has lost that right stops all it holds and starts anew under
 * another id: what it held already belongs to others.
 */
import type { RunLedger } from "@cmo/shared/db";
import type { Logger } from "@cmo/shared/runtime";
import type { LiveRuns } from "./live-runs.ts";

/** Who this process is to the ledger, since it last started anew. */
export interface WorkerIdentity {
  id: string;
}

export interface BeatDeps {
  readonly ledger: RunLedger;
  readonly live: LiveRuns;
  readonly identity: WorkerIdentity;
  readonly newId: () => string;
  readonly settings: { readonly beatMs: number };
  readonly log: Logger;
}

/** Half a lease: when one beat's answer does not come, there is time for another. */
const ANSWER_WITHIN_BEATS = 2;

/** How many runs the ledger counts as ours; null when the lease was lost. */
export async function beat(deps: BeatDeps): Promise<number | null> {
  const { ledger, live, identity, newId, settings, log } = deps;
  const { id: workerId } = identity;
  const answerInTime = () => AbortSignal.timeout(ANSWER_WITHIN_BEATS * settings.beatMs);
  const reply = await ledger.beat(workerId, answerInTime());
  if (reply.lost) {
    // Of two beats under way only the first to hear it may drop what is held: it is held by `id`.
    if (identity.id === workerId) {
      log.warn({ workerId, held: live.size }, "The lease was lost; starting anew");
      live.abortAll("lost");
      identity.id = newId();
    }
    await ledger.beat(identity.id, answerInTime());
    return null;
  }
  for (const { id, attempt } of reply.cancel) live.abort(id, attempt, "cancelled");
  return reply.held;
}
