/** Works on one run, whoever's turn it is. */
import type { WorkerDeps } from "@cmo/worker/deps";
import { handleRun } from "../../apps/worker/src/handle-run.ts";
import { heartbeat } from "../../apps/worker/src/heartbeat.ts";

export async function handleById(deps: WorkerDeps, runId: string): Promise<boolean> {
  let claim = await deps.ledger.claim(runId, deps.identity.id);
  if (claim.kind === "worker_lost") {
    await heartbeat(deps);
    claim = await deps.ledger.claim(runId, deps.identity.id);
  }
  if (claim.kind !== "claimed") throw new Error(`The claim was answered with ${claim.kind}`);
  return handleRun(deps, claim);
}
