import { startWorker } from "@cmo/worker";
import type { WorkerDeps } from "@cmo/worker/deps";
import { Client } from "pg";
import { afterAll, expect, inject, test } from "vitest";
import { createReconciler } from "../../apps/worker/src/reconcile.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { startSilentServer } from "../support/silent-server.ts";
import { openUserRuns } from "../support/user-run.ts";
import { openWorkerDeps } from "../support/worker.ts";

const { tenantId, submit } = await openUserRuns();
const database = new Client({ connectionString: inject("stack").databaseUrl });
await database.connect();
afterAll(() => database.end());

/** A worker that never hears the answer to the first claim of this run, which the ledger made. */
async function startLosingTheClaimOf(lostId: string): Promise<WorkerDeps> {
  const opened = await openWorkerDeps({ WORKER_TENANTS: tenantId });
  let lost = false;
  const ledger: WorkerDeps["ledger"] = {
    ...opened.ledger,
    async claimNext(...call) {
      const claim = await opened.ledger.claimNext(...call);
      if (lost || claim.kind !== "claimed" || claim.run.id !== lostId) return claim;
      lost = true;
      throw new Error("The answer was lost on its way.");
    },
  };
  const deps = { ...opened, ledger };
  const worker = await startWorker(deps);
  closeAfter(() => worker.stop());
  return deps;
}

test("a run whose claim was never answered is released, while its worker lives on", async () => {
  const id = await submit();
  const deps = await startLosingTheClaimOf(id);
  await deps.queue.add({ runId: id, attempt: 0 });
  const [attempt] = await eventually(
    () => attemptsOf(id),
    ([first]) => first?.outcome !== undefined && first.outcome !== null,
    20_000,
  );
  expect(attempt).toEqual({ attempt: 1, outcome: "lost", reason: "reply_lost" });
});

test("a reconciliation whose answer does not come is given up before the lease is", async () => {
  const slow = { WORKER_HEARTBEAT_MS: "1500" };
  const deps = await openWorkerDeps({ SUPABASE_URL: await startSilentServer(), ...slow });
  const reconcile = createReconciler(deps);
  const differing = 1;
  await reconcile(differing);
  await reconcile(differing);
  const startedAt = performance.now();
  await expect(reconcile(differing)).rejects.toMatchObject({ code: "database_unavailable" });
  expect(performance.now() - startedAt).toBeLessThan(4 * 1500);
});

async function attemptsOf(runId: string) {
  const { rows } = await database.query<{
    attempt: number;
    outcome: string | null;
    reason: string | null;
  }>(
    "select attempt, outcome, reason from public.agent_run_attempts where run_id = $1 order by attempt",
    [runId],
  );
  return rows;
}
