/**
 * The queue of runs. A job only says that there is work, and names the run because of which it was added;
 * a lost, duplicate or reordered job corrupts nothing. Every add is best effort and reports only whether
 * Redis accepted it.
 */
import { randomUUID } from "node:crypto";
import { Queue } from "bullmq";
import type { AttemptRef } from "../contract/index.ts";
import { connectProducer, watchAnswers } from "../redis/index.ts";
import { type Clock, type Logger, within } from "../runtime/index.ts";
import { removeCorpses } from "./remove-corpses.ts";

export const QUEUE_NAME = "runs";

/** Names the attempt that the row has, so that a job left behind blocks no later attempt. */
export interface RunJob extends AttemptRef {
  readonly delayMs?: number;
}

export interface RunQueue {
  /** False when Redis did not accept the job. The sweep will add the run again. */
  add(job: RunJob): Promise<boolean>;
  /** Adds jobs that may have been added before. Dead jobs with their ids are removed first. */
  addAgain(jobs: readonly RunJob[]): Promise<boolean>;
  /**
   * True when Redis has lost its data, and so its jobs, since `markHere`. False while Redis does
   * not answer.
   */
  wasLost(): Promise<boolean>;
  markHere(): Promise<void>;
  isReady(): boolean;
  close(): Promise<void>;
}

export interface QueueOptions {
  readonly url: string;
  readonly prefix: string;
  readonly log: Logger;
  readonly clock: Clock;
}

/** A suspended Redis never answers. An add that it applies later is harmless. */
const ADD_TIMEOUT_MS = 1500;

export function createRunQueue({ url, prefix, log, clock }: QueueOptions): RunQueue {
  const redis = connectProducer(url, log);
  const isReady = watchAnswers(redis, log);
  const queue = new Queue(QUEUE_NAME, { connection: redis, prefix });
  queue.on("error", (error) => log.debug({ error }, "The connection of the queue failed"));
  const marker = `${prefix}:runs:here`;

  async function addInTime(count: number, add: () => Promise<unknown>): Promise<boolean> {
    if (!isReady()) return false;
    try {
      const added = add().then(() => true);
      return (await within(clock, ADD_TIMEOUT_MS, added)) ?? false;
    } catch (error) {
      log.warn({ error, jobs: count }, "Jobs were not added; the sweep will add them");
      return false;
    }
  }

  return {
    add: (job) => addInTime(1, () => queue.addBulk([toBullJob(job)])),
    addAgain: (jobs) =>
      addInTime(jobs.length, async () => {
        const named = jobs.map((job) => ({ ...job, jobId: toJobId(job) }));
        const spent = await removeCorpses({ queue, redis, clock, log }, named);
        await queue.addBulk(named.map((job) => toBullJob(job, spent.has(job.jobId))));
      }),
    wasLost: () =>
      redis.exists(marker).then(
        (count) => count === 0,
        () => false,
      ),
    async markHere() {
      await redis.set(marker, "1");
    },
    isReady,
    async close() {
      await queue.close();
      redis.disconnect();
    },
  };
}

function toJobId({ runId, attempt }: AttemptRef): string {
  return `${runId}-${attempt}`;
}

/** `isSpent`: a worker took the job with the ordinary id, and works on another run. */
function toBullJob(job: RunJob, isSpent = false) {
  const { runId, delayMs } = job;
  return {
    name: "run",
    // guards G19
    data: { runId },
    opts: {
      jobId: isSpent ? `${toJobId(job)}-${randomUUID()}` : toJobId(job),
      // The row decides about retries.
      attempts: 1,
      // A job that is kept would turn a later add of the same id into a silent no-op.
      removeOnComplete: true,
      // guards G1, G13: failed jobs
      removeOnFail: true,
      ...(delayMs ? { delay: delayMs } : {}),
    },
  };
}
