/** How an attempt is given back: counted where it failed, and added to the queue in good time. */
import type { WorkerDeps } from "@cmo/worker/deps";
import { expect, test } from "vitest";
import { beat } from "../../apps/worker/src/beat.ts";
import { handleRun } from "../../apps/worker/src/handle-run.ts";
import { eventually } from "../support/eventually.ts";
import { query } from "../support/query.ts";
import { openUserRuns } from "../support/user-run.ts";
import { openWorkerDeps } from "../support/worker.ts";

const { runs, submit } = await openUserRuns();
const worker = await openWorkerDeps();
await eventually(
  () => beat(worker).catch(() => null),
  (held) => held !== null,
);

test("a result that the ledger does not understand is given back as failed, and counted", async () => {
  const id = await submit();
  const refuse = async () => {
    throw new Error("The database refused finalize_run: 42883");
  };
  await handleRun({ ...worker, ledger: { ...worker.ledger, finalize: refuse } }, id);
  const rows = await query("select phase, app_retries from agent_runs where id = $1", [id]);
  expect(rows).toEqual([{ phase: "queued", app_retries: 1 }]);
});

test("a wait longer than the ledger allows adds no job that would come too late", async () => {
  const added: string[] = [];
  const queue: WorkerDeps["queue"] = {
    ...worker.queue,
    add: async ({ runId }) => added.push(runId) > 0,
  };
  const [soon, late] = [
    await submit("Wait [[fault:429-retry-after@40]]"),
    await submit("Wait [[fault:429-retry-after@86400]]"),
  ];
  for (const id of [soon, late]) await handleRun({ ...worker, queue }, id);
  expect(await runs.find(late)).toMatchObject({ status: "running", phase: "queued" });
  expect(added).toEqual([soon]);
});
