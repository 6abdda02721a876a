/**
 * The queue of runs. A job only names a run to be looked at, so a lost, duplicate or reordered job
 * corrupts nothing. Every add is best effort and reports only whether Redis accepted it.
 */
import { Queue } from "bullmq";
import type { AttemptRef } from "../contract/index.ts";
import { connectProducer, watchAnswers } from "../redis/index.ts";
import { type Clock, type Logger, within } from "../runtime/index.ts";

export const QUEUE_NAME = "runs";

/** Names the attempt that the row has, so that a job left behind blocks no later attempt. */
export interface RunJob extends AttemptRef {
  readonly delayMs?: number;
}

export interface RunQueue {
  /** False when Redis did not accept the job. The sweep will add the run again. */
  add(job: RunJob): Promise<boolean>;
  addAll(jobs: readonly RunJob[]): Promise<boolean>;
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

  async function addAll(jobs: readonly RunJob[]): Promise<boolean> {
    if (!isReady()) return false;
    try {
      const adding = queue.addBulk(jobs.map(toBullJob)).then(() => true);
      return (await within(clock, ADD_TIMEOUT_MS, adding)) ?? false;
    } catch (error) {
      log.warn({ error, jobs: jobs.length }, "Jobs were not added; the sweep will add them");
      return false;
    }
  }

  return {
    add: (job) => addAll([job]),
    addAll,
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

function toBullJob({ runId, attempt, delayMs }: RunJob) {
  return {
    name: "run",
    // guards G19
    data: { runId },
    opts: {
      jobId: `${runId}-${attempt}`,
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
