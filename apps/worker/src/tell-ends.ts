/**
 * Marks the ends of runs in their logs, once the ledger has ended them.
 *
 * The row tells every end by itself, so nobody waits for this: an end that Redis could not take
 * is kept, and told again when Redis is back. Until then readers find it in the row.
 */
import type { Logger } from "@cmo/shared/runtime";
import type { RunLog, RunWriter } from "@cmo/shared/stream";

export interface EndTeller {
  /** Never fails: what cannot be told now is told later. */
  tell(run: RunWriter): Promise<void>;
  /** Tells what could not be told before. Ends at once while Redis is away. */
  tellAgain(): Promise<void>;
}

/** An outage of minutes on a busy worker; of older ones the rows have to tell. */
const KEPT_ENDS = 10_000;

export function createEndTeller(runLog: RunLog, log: Logger): EndTeller {
  const untold = new Map<string, RunWriter>();

  async function tell(run: RunWriter): Promise<void> {
    try {
      await runLog.end(run);
      untold.delete(run.runId);
    } catch (error) {
      const oldest = untold.keys().next();
      if (untold.size >= KEPT_ENDS && !oldest.done) untold.delete(oldest.value);
      // guards G6, G7: late ending
      untold.set(run.runId, run);
      log.debug({ error, runId: run.runId }, "An end was not logged; it is told again");
    }
  }

  return {
    tell,
    async tellAgain() {
      if (untold.size === 0 || !runLog.isReady()) return;
      const runs = [...untold.values()];
      await Promise.all(runs.map(tell));
      if (untold.size === 0) log.info({ runs: runs.length }, "Logged the ends that were kept");
    },
  };
}
