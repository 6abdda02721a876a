/**
 * Announces the ends of runs in their logs, once the ledger has committed them.
 *
 * Best effort: an end that Redis did not accept is kept and announced when Redis is available
 * again. Until then readers find the end in the row.
 */
import type { AttemptRef } from "@cmo/shared/contract";
import type { Logger } from "@cmo/shared/runtime";
import type { RunLog } from "@cmo/shared/stream";

export interface EndAnnouncer {
  /** Never rejects: an end that cannot be announced is kept. */
  announce(run: AttemptRef): Promise<void>;
  /** Announces the ends that were kept. Does nothing while Redis is unavailable. */
  announceKept(): Promise<void>;
}

/** Covers an outage of minutes on a busy worker. Ends beyond that are found in the rows only. */
const KEPT_ENDS = 10_000;

export function createEndAnnouncer(runLog: RunLog, log: Logger): EndAnnouncer {
  const kept = new Map<string, AttemptRef>();

  async function announce(run: AttemptRef): Promise<void> {
    try {
      await runLog.end(run);
      kept.delete(run.runId);
    } catch (error) {
      const oldest = kept.keys().next();
      if (kept.size >= KEPT_ENDS && !oldest.done) kept.delete(oldest.value);
      // guards G6, G7: late ending
      kept.set(run.runId, run);
      log.debug({ error, runId: run.runId }, "An end was not announced; it was kept");
    }
  }

  return {
    announce,
    async announceKept() {
      if (kept.size === 0 || !runLog.isReady()) return;
      const runs = [...kept.values()];
      await Promise.all(runs.map(announce));
      if (kept.size === 0)
        log.info({ runs: runs.length }, "The ends that were kept were announced");
    },
  };
}
