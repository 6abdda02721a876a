/**
 * Jobs say "look at this run", nothing more: losing, doubling or reordering them corrupts
 * nothing. So every add is best effort, and the caller hears only whether it arrived.
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
  /** False when Redis is away: the sweep will add the run again. */
  add(job: RunJob): Promise<boolean>;
  addAll(jobs: readonly RunJob[]): Promise<boolean>;
  /**
   * True when Redis has come back empty since `markHere`: what was queued there is gone. A Redis
   * that does not answer has lost nothing that we know of.
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

/** A stopped Redis never answers; an add that it applies later is harmless. */
const ADD_TIMEOUT_MS = 1500;

export function createRunQueue({ url, prefix, log, clock }: QueueOptions): RunQueue {
  const redis = connectProducer(url, log);
  const isReady = watchAnswers(redis, log);
  const queue = new Queue(QUEUE_NAME, { connection: redis, prefix });
  queue.on("error", (error) => log.debug({ error }, "The queue's connection had trouble"));
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
    data: { runId },
    opts: {
      jobId: `${runId}-${attempt}`,
      // Retrying is the row's business.
      attempts: 1,
      // A job that stays behind would turn a later add of the same id into a silent no-op.
      removeOnComplete: true,
      removeOnFail: true,
      ...(delayMs ? { delay: delayMs } : {}),
    },
  };
}
