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
  readonly log: Logger;
}

export async function beat({ ledger, live, identity, newId, log }: BeatDeps): Promise<void> {
  const reply = await ledger.beat(identity.id);
  if (reply.lost) {
    log.warn({ workerId: identity.id, held: live.size }, "The lease was lost; starting anew");
    live.abortAll("lost");
    identity.id = newId();
    await ledger.beat(identity.id);
    return;
  }
  for (const { id, attempt } of reply.cancel) live.abort(id, attempt, "cancelled");
}
