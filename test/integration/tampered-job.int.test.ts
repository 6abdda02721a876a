/** A worker trusts nothing in a job but the run's id: what else Redis says of a run is not believed. */
import { randomUUID } from "node:crypto";
import { newRunId } from "@cmo/shared/runtime";
import { startWorker } from "@cmo/worker";
import { Redis } from "ioredis";
import { expect, inject, test } from "vitest";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { openUserRuns } from "../support/user-run.ts";
import { openWorkerDeps } from "../support/worker.ts";

const { tenantId, runs, submit } = await openUserRuns();
const theirs = await openUserRuns();
const both = { WORKER_TENANTS: `${tenantId},${theirs.tenantId}` };

/** The data of every job with this id, as whoever reaches Redis could change it. */
async function tamper(prefix: string, jobId: string, data: object): Promise<void> {
  const redis = new Redis(inject("stack").redisUrl);
  try {
    expect(await redis.hset(`${prefix}:runs:${jobId}`, "data", JSON.stringify(data))).toBe(0);
  } finally {
    redis.disconnect();
  }
}

test("what is added to a job changes nothing: the run is its row's", async () => {
  const deps = await openWorkerDeps(both);
  const id = await submit();
  const asked = await runs.find(id);
  await deps.queue.add({ runId: id, attempt: 0 });
  await tamper(deps.settings.queuePrefix, `${id}-0`, {
    runId: id,
    workspaceId: randomUUID(),
    tenant_id: randomUUID(),
    agent: "cmo-content-engine",
    mode: "content",
    input: { primaryGoal: "theirs" },
    attempt: 9,
  });
  const worker = await startWorker(deps);
  closeAfter(() => worker.stop());
  const row = await eventually(
    () => runs.find(id),
    (run) => run?.status !== "running",
  );
  expect(row).toMatchObject({ status: "completed", attempt: 1 });
  const { mode, input, workspace_id, tenant_id } = asked ?? {};
  expect(row).toMatchObject({ mode, input, workspace_id, tenant_id });
});

test("a job that was made to name another tenant's run only hurries that run, in its own workspace", async () => {
  const deps = await openWorkerDeps(both);
  const [mine, foreign] = [await submit(), await theirs.submit()];
  await deps.queue.add({ runId: mine, attempt: 0 });
  await tamper(deps.settings.queuePrefix, `${mine}-0`, { runId: foreign });
  const worker = await startWorker(deps);
  closeAfter(() => worker.stop());
  const row = await eventually(
    () => theirs.runs.find(foreign),
    (run) => run?.status !== "running",
  );
  expect(row).toMatchObject({ status: "completed", attempt: 1 });
  expect(await runs.find(foreign)).toBeNull();
});

test("a payload that names a workspace changes nothing: the run is worked on in its row's", async () => {
  const opened = await openWorkerDeps(both);
  const asked: string[] = [];
  const workspaceDb = (workspaceId: string) => {
    asked.push(workspaceId);
    return opened.workspaceDb(workspaceId);
  };
  const deps = { ...opened, workspaceDb };
  const foreign = randomUUID();
  // The API refuses such a payload; whoever calls the function past it can still send one.
  const wanted = { mode: "strategy", save: false, onRateLimit: "wait" } as const;
  const input = { workspace_id: foreign, tenant_id: foreign };
  const { run } = await runs.create({ ...wanted, input, id: newRunId() });
  await deps.queue.add({ runId: run.id, attempt: 0 });
  const worker = await startWorker(deps);
  closeAfter(() => worker.stop());
  await eventually(
    () => runs.find(run.id),
    (row) => row?.status !== "running",
  );
  expect(asked).toContain(run.workspace_id);
  expect(asked).not.toContain(foreign);
});

test.each([
  ["no id", {}],
  ["an id that is none", { runId: "' or true --" }],
  ["a run that does not exist", { runId: randomUUID() }],
])("a job with %s is dropped, and the next is worked on", async (_, data) => {
  const deps = await openWorkerDeps(both);
  const [spoilt, next] = [await submit(), await submit()];
  await deps.queue.add({ runId: spoilt, attempt: 0 });
  await tamper(deps.settings.queuePrefix, `${spoilt}-0`, data);
  await deps.queue.add({ runId: next, attempt: 0 });
  const worker = await startWorker(deps);
  closeAfter(() => worker.stop());
  const row = await eventually(
    () => runs.find(next),
    (run) => run?.status !== "running",
  );
  expect(row).toMatchObject({ status: "completed" });
});
