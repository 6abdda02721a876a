/** A released run counts a failed attempt, and its job is not added too late. */
import type { WorkerDeps } from "@cmo/worker/deps";
import { expect, test } from "vitest";
import { heartbeat } from "../../apps/worker/src/heartbeat.ts";
import { eventually } from "../support/eventually.ts";
import { handleById } from "../support/handle-by-id.ts";
import { query } from "../support/query.ts";
import { openUserRuns } from "../support/user-run.ts";
import { openWorkerDeps } from "../support/worker.ts";

const { runs, submit } = await openUserRuns();
const worker = await openWorkerDeps();
await eventually(
  () => heartbeat(worker).catch(() => null),
  (held) => held !== null,
);

test("a run whose result the ledger refuses is released as failed, and counted", async () => {
  const id = await submit();
  const refuse = async () => {
    throw new Error("The database refused finalize_run: 42883");
  };
  await handleById({ ...worker, ledger: { ...worker.ledger, finalize: refuse } }, id);
  const rows = await query("select phase, app_retries from agent_runs where id = $1", [id]);
  expect(rows).toEqual([{ phase: "queued", app_retries: 1 }]);
});

test("a release with a delay above the ledger's limit adds no job", async () => {
  const added: string[] = [];
  const queue: WorkerDeps["queue"] = {
    ...worker.queue,
    add: async ({ runId }) => added.push(runId) > 0,
  };
  const [soon, late] = [
    await submit("Wait [[fault:429-retry-after@40]]"),
    await submit("Wait [[fault:429-retry-after@86400]]"),
  ];
  for (const id of [soon, late]) await handleById({ ...worker, queue }, id);
  expect(await runs.find(late)).toMatchObject({ status: "running", phase: "queued" });
  expect(added).toEqual([soon]);
});
