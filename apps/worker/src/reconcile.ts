/**
 * Finds runs that the ledger believes this process to hold and that it has never heard of: the
 * answer to their claim was lost. No lease would ever lapse for them, since this process lives.
 */
import type { RunLedger } from "@cmo/shared/db";
import type { Logger } from "@cmo/shared/runtime";
import type { WorkerIdentity } from "./beat.ts";
import type { LiveRuns } from "./live-runs.ts";
import type { EndTeller } from "./tell-ends.ts";

export interface ReconcileDeps {
  readonly ledger: RunLedger;
  readonly live: LiveRuns;
  readonly ends: EndTeller;
  readonly identity: WorkerIdentity;
  readonly settings: { readonly beatMs: number };
  readonly log: Logger;
}

/** Claims and endings that are under way make the counts differ for a moment. */
const DIFFERING_BEATS = 3;

/** The next beat waits for the answer, and the lease does not wait for the beat. */
const ANSWER_WITHIN_BEATS = 1;

/** To be told of every beat's count; null starts anew. */
export function createReconciler(deps: ReconcileDeps) {
  const { ledger, live, ends, identity, settings, log } = deps;
  let differing = 0;
  return async (heldByLedger: number | null): Promise<void> => {
    differing = heldByLedger === null || live.agreesWith(heldByLedger) ? 0 : differing + 1;
    if (differing < DIFFERING_BEATS) return;
    differing = 0;
    const inTime = AbortSignal.timeout(ANSWER_WITHIN_BEATS * settings.beatMs);
    const { released, ended } = await ledger.reconcile(identity.id, live.list(), inTime);
    if (released.length + ended.length === 0) return;
    log.warn({ released, ended }, "Released runs whose claim was never answered");
    await Promise.all(ended.map(({ id, attempt }) => ends.tell({ runId: id, attempt })));
  };
}
