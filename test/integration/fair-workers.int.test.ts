/** Two workers and two tenants, one of which floods the queue. */
import { startWorker } from "@cmo/worker";
import { expect, test } from "vitest";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { query } from "../support/query.ts";
import { openUserRuns } from "../support/user-run.ts";
import { openWorkerDeps } from "../support/worker.ts";

const FLOOD = 16;

test("a flood of one tenant does not delay another: its runs come next, not last", async () => {
  const [flood, quiet] = [await openUserRuns(), await openUserRuns()];
  const both = { WORKER_TENANTS: `${flood.tenantId},${quiet.tenantId}`, WORKER_CONCURRENCY: "2" };
  const first = await openWorkerDeps(both);
  const second = await openWorkerDeps({ ...both, QUEUE_PREFIX: first.settings.queuePrefix });
  const submit = async (own: typeof flood) => {
    const runId = await own.submit();
    await first.queue.add({ runId, attempt: 0 });
    return runId;
  };
  for (let sent = 0; sent < FLOOD; sent += 1) await submit(flood);
  const asked = [await submit(quiet), await submit(quiet)];
  for (const deps of [first, second]) {
    const worker = await startWorker(deps);
    closeAfter(() => worker.stop());
  }
  await eventually(
    () => Promise.all(asked.map((id) => quiet.runs.find(id))),
    (rows) => rows.every((row) => row?.status === "completed"),
    50_000,
  );
  // By the times of the claims, which do not depend on when this test looked.
  const before = await query(
    `select count(*)::int as count from public.agent_runs f
     where f.tenant_id = $1 and f.started_at < (
       select max(q.started_at) from public.agent_runs q where q.tenant_id = $2)`,
    [flood.tenantId, quiet.tenantId],
  );
  expect(Number(before[0]?.["count"])).toBeLessThan(FLOOD / 2);
});
