/** Jobs that tools, operators or older versions left in Redis do not block the runs they name. */
import { randomUUID } from "node:crypto";
import { createRunQueue, MAX_JOB_DELAY_MS } from "@cmo/shared/queue";
import { systemClock } from "@cmo/shared/runtime";
import { type Job, Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { silentLog } from "../support/streams.ts";

const HOUR_MS = 3_600_000;
const { redisUrl } = inject("stack");

async function openQueues() {
  const prefix = `test-${randomUUID()}`;
  const runQueue = createRunQueue({ url: redisUrl, prefix, log: silentLog, clock: systemClock });
  closeAfter(() => runQueue.close());
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const tool = new Queue("runs", { connection, prefix });
  closeAfter(async () => {
    await tool.close();
    connection.disconnect();
  });
  await eventually(() => runQueue.isReady(), Boolean);
  const job = { runId: randomUUID(), attempt: 0 };
  return { prefix, runQueue, tool, connection, job, jobId: `${job.runId}-0` };
}

type Queues = Awaited<ReturnType<typeof openQueues>>;

async function workOff({ prefix, connection, jobId, tool }: Queues, state: "completed" | "failed") {
  await tool.add("run", {}, { jobId });
  const work = async () => {
    if (state === "failed") throw new Error("The tool failed the job");
  };
  const worker = new Worker("runs", work, { connection, prefix });
  await eventually(
    () => tool.getJobState(jobId),
    (now) => now === state,
  );
  await worker.close();
}

const CORPSES: [string, (queues: Queues) => Promise<unknown>][] = [
  ["failed", (queues) => workOff(queues, "failed")],
  ["completed", (queues) => workOff(queues, "completed")],
  ["delayed for an hour", ({ tool, jobId }) => tool.add("run", {}, { jobId, delay: HOUR_MS })],
  [
    "delayed by a worker whose clock is an hour ahead",
    ({ tool, jobId }) =>
      tool.add("run", {}, { jobId, delay: 1000, timestamp: Date.now() + HOUR_MS }),
  ],
  [
    "in no list",
    async ({ tool, jobId, connection }) => {
      await tool.add("run", {}, { jobId });
      await connection.del(tool.toKey("wait"));
    },
  ],
];

describe("a job that blocks its run", () => {
  test.each(CORPSES)("%s: is replaced when the run is added again", async (_, leave) => {
    const queues = await openQueues();
    await leave(queues);
    const { runQueue, tool, job, jobId } = queues;
    expect(await runQueue.addAgain([job])).toBe(true);
    expect(await tool.getJobState(jobId)).toBe("waiting");
    expect((await tool.getJob(jobId))?.data).toEqual({ runId: job.runId });
    expect(await tool.getWaitingCount()).toBe(1);
  });

  test("those of many runs are replaced together", async () => {
    const { runQueue, tool } = await openQueues();
    const jobs = Array.from({ length: 100 }, () => ({ runId: randomUUID(), attempt: 2 }));
    for (const { runId } of jobs.slice(0, 50)) {
      await tool.add("run", {}, { jobId: `${runId}-2`, delay: HOUR_MS });
    }
    expect(await runQueue.addAgain(jobs)).toBe(true);
    expect(await tool.getWaitingCount()).toBe(100);
    expect(await tool.getDelayedCount()).toBe(0);
  });
});

test("an active job that names another run is spent, and this run gets a new one", async () => {
  const { prefix, connection, runQueue, tool, job, jobId } = await openQueues();
  const done = Promise.withResolvers<void>();
  const runs: unknown[] = [];
  const work = async (taken: Job) => {
    runs.push(taken.data.runId);
    await taken.updateData({ runId: randomUUID() });
    await done.promise;
  };
  const worker = new Worker("runs", work, { connection, prefix, concurrency: 2 });
  closeAfter(() => worker.close());
  closeAfter(async () => done.resolve());
  await runQueue.add(job);
  await eventually(
    async () => (await tool.getJob(jobId))?.data.runId,
    (named) => named !== undefined && named !== job.runId,
  );
  await runQueue.addAgain([job]);
  await eventually(
    () => runs,
    (taken) => taken.length === 2,
  );
  expect(runs).toEqual([job.runId, job.runId]);
});

describe("a job that will be worked on is left alone", () => {
  test("a waiting job keeps its place", async () => {
    const { runQueue, tool, job, jobId } = await openQueues();
    await runQueue.add(job);
    await runQueue.add({ runId: randomUUID(), attempt: 0 });
    const [before] = await tool.getWaiting();
    await runQueue.addAgain([job]);
    const [first, ...others] = await tool.getWaiting();
    expect(first?.id).toBe(jobId);
    expect(first?.timestamp).toBe(before?.timestamp);
    expect(others).toHaveLength(1);
  });

  test("an active job stays active", async () => {
    const queues = await openQueues();
    const { prefix, connection, runQueue, tool, job, jobId } = queues;
    const done = Promise.withResolvers<void>();
    const worker = new Worker("runs", () => done.promise, { connection, prefix });
    closeAfter(() => worker.close());
    await runQueue.add(job);
    await eventually(
      () => tool.getJobState(jobId),
      (state) => state === "active",
    );
    await runQueue.addAgain([job]);
    expect(await tool.getJobState(jobId)).toBe("active");
    expect(await tool.getWaitingCount()).toBe(0);
    done.resolve();
  });

  test.each([1000, MAX_JOB_DELAY_MS])(
    "a release delayed for %i ms keeps its time",
    async (delayMs) => {
      const { runQueue, tool, job, jobId } = await openQueues();
      await runQueue.add({ ...job, delayMs });
      const before = await tool.getJob(jobId);
      await runQueue.addAgain([job]);
      expect(await tool.getJobState(jobId)).toBe("delayed");
      const after = await tool.getJob(jobId);
      expect(after).toMatchObject({ timestamp: before?.timestamp, delay: delayMs });
    },
  );
});
