/**
 * Jobs say "look at this run", nothing more: losing, doubling or reordering them corrupts
 * nothing. So every add is best effort, and the caller hears only whether it arrived.
 */
import { Queue } from "bullmq";
import { connectProducer, watchAnswers } from "../redis/index.ts";
import type { Clock, Logger } from "../runtime/index.ts";

export const QUEUE_NAME = "runs";

export interface RunJob {
  readonly runId: string;
  /** The attempt that the row had: a new attempt is a new job, one left behind blocks nothing. */
  readonly attempt: number;
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
    const timeout = new AbortController();
    try {
      const adding = queue.addBulk(jobs.map(toBullJob)).then(() => true);
      const expiry = clock.sleep(ADD_TIMEOUT_MS, timeout.signal).then(() => false);
      return await Promise.race([adding, expiry]);
    } catch (error) {
      log.warn({ error, jobs: jobs.length }, "Jobs were not added; the sweep will add them");
      return false;
    } finally {
      timeout.abort();
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
      // Retrying is the row's business.
      attempts: 1,
      // A job that stays behind would turn a later add of the same id into a silent no-op.
      removeOnComplete: true,
      // guards G1, G13: failed jobs
      removeOnFail: true,
      ...(delayMs ? { delay: delayMs } : {}),
    },
  };
}
