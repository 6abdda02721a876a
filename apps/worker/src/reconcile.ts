/**
 * Finds runs that the ledger counts as held by this process although the process does not know
 * them: the answer to their claim was lost. Their lease never expires while this process lives.
 */
import type { RunLedger } from "@cmo/shared/db";
import type { Logger } from "@cmo/shared/runtime";
import type { EndAnnouncer } from "./announce-ends.ts";
import type { WorkerIdentity } from "./heartbeat.ts";
import type { LiveRuns } from "./live-runs.ts";

export interface ReconcileDeps {
  readonly ledger: RunLedger;
  readonly live: LiveRuns;
  readonly ends: EndAnnouncer;
  readonly identity: WorkerIdentity;
  readonly settings: { readonly heartbeatMs: number };
  readonly log: Logger;
}

/** Claims and endings in flight make the counts differ for a moment. */
const DIFFERING_HEARTBEATS = 3;

/** The next heartbeat waits for this answer, so the answer must not outlast the lease. */
const ANSWER_WITHIN_HEARTBEATS = 1;

/** The result expects the count of every heartbeat. Null resets it. */
export function createReconciler(deps: ReconcileDeps) {
  const { ledger, live, ends, identity, settings, log } = deps;
  let differing = 0;
  return async (heldByLedger: number | null): Promise<void> => {
    differing = heldByLedger === null || live.agreesWith(heldByLedger) ? 0 : differing + 1;
    if (differing < DIFFERING_HEARTBEATS) return;
    differing = 0;
    const inTime = AbortSignal.timeout(ANSWER_WITHIN_HEARTBEATS * settings.heartbeatMs);
    const { released, ended } = await ledger.reconcile(identity.id, live.list(), inTime);
    if (released.length + ended.length === 0) return;
    log.warn({ released, ended }, "Runs whose claim was never answered were released");
    await Promise.all(ended.map(ends.announce));
  };
}
