/**
 * What a slot of this process does with a job: it claims runs and works on them, one after the other,
 * until nobody waits. The job only says that there is work; the ledger decides which run is next.
 */
import type { RunLedger } from "@cmo/shared/db";
import type { TakenJob } from "@cmo/shared/queue";
import type { EndAnnouncer } from "./announce-ends.ts";
import type { ClaimedRun, ClaimNextRun } from "./claim-next-run.ts";

export interface TakeRunsDeps {
  readonly ledger: Pick<RunLedger, "findEnd">;
  readonly ends: Pick<EndAnnouncer, "announce">;
  readonly claimNextRun: ClaimNextRun;
  /** Works on a claimed run. Resolves with whether another may wait when it is over. */
  readonly handleRun: (claimed: ClaimedRun) => Promise<boolean>;
  /** Aborted when this process stops: then it claims nothing more. */
  readonly draining: AbortSignal;
}

/** `returned`: this process stops, and nobody has looked for work because of this job. */
export async function takeRuns(deps: TakeRunsDeps, job: TakenJob): Promise<"done" | "returned"> {
  if (job.isRedelivered) await announceEndOf(deps, job.runId);
  do {
    const next = await deps.claimNextRun();
    if (next.kind === "stopped") return "returned";
    if (next.kind === "empty") return "done";
    job.worksOn(next.claimed.run.id);
    const mayFindMore = await deps.handleRun(next.claimed);
    if (!mayFindMore) return "done";
  } while (!deps.draining.aborted);
  return "done";
}

/** The process that had this job may have died after it ended the run and before it announced that. */
async function announceEndOf({ ledger, ends }: TakeRunsDeps, runId: string): Promise<void> {
  const end = await ledger.findEnd(runId);
  // `announce` is idempotent.
  // guards G7: end of a dead process
  if (end !== null) await ends.announce(end);
}
