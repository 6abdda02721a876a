/**
 * Takes jobs and hands their run ids over. What the handler does not throw completes the job;
 * what it throws means that the database or Redis is away, and the sweep adds the run again.
 */
import { Worker } from "bullmq";
import { z } from "zod";
import { connectConsumer, watchAnswers } from "../redis/index.ts";
import { type Clock, type Logger, within } from "../runtime/index.ts";
import { QUEUE_NAME } from "./run-queue.ts";

export interface RunConsumer {
  /** Takes no further jobs; those in work go on. */
  pause(): Promise<void>;
  /** Waits for the jobs in work, and not for a Redis that is away. */
  close(): Promise<void>;
}

export interface RunConsumerOptions {
  readonly url: string;
  readonly prefix: string;
  readonly concurrency: number;
  readonly log: Logger;
  readonly clock: Clock;
  /** Gets the run's id and nothing else: whatever else a job says is not to be trusted. */
  readonly handle: (runId: string) => Promise<void>;
}

const jobSchema = z.object({ runId: z.guid() });

/**
 * A process that dies between taking a job and claiming its run leaves a job that refuses every
 * add of its id until it counts as stalled. One that is taken for stalled and is not costs a claim.
 */
const LOCK_MS = 5000;
const STALLED_CHECK_MS = 1000;
/**
 * Redis wakes one waiting worker for a job. Where that one stands still, or its connection is dead
 * and Redis does not know it, the others find the job when they look by themselves.
 */
const LOOK_AGAIN_S = 1;
/** BullMQ's own farewell to Redis; without Redis it never comes. */
const CLOSE_TIMEOUT_MS = 2000;

export function createRunConsumer(options: RunConsumerOptions): RunConsumer {
  const { url, prefix, concurrency, log, clock, handle } = options;
  const redis = connectConsumer(url, log);
  watchAnswers(redis, log);
  const inWork = new Set<Promise<void>>();

  async function work(runId: string): Promise<void> {
    const handled = handle(runId);
    inWork.add(handled);
    await handled.finally(() => inWork.delete(handled));
  }

  const worker = new Worker(
    QUEUE_NAME,
    async (job) => {
      const parsed = jobSchema.safeParse(job.data);
      if (parsed.success) await work(parsed.data.runId);
      else log.warn({ jobId: job.id }, "A job without a run id was dropped");
    },
    {
      connection: redis,
      prefix,
      concurrency,
      drainDelay: LOOK_AGAIN_S,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      // Who runs what is decided by claims. A job that a dead worker left is only tidied away:
      // it is delivered again and its claim is refused.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    },
  );
  worker.on("error", (error) => log.debug({ error }, "The consumer's connection had trouble"));
  worker.on("failed", (job, error) => {
    log.error({ error, runId: job?.data.runId }, "A job failed; the sweep will add its run again");
  });

  return {
    pause: () => worker.pause(true),
    async close() {
      const closed = worker.close();
      do {
        await Promise.allSettled(inWork);
        await within(clock, CLOSE_TIMEOUT_MS, closed);
        // What was on its way here when the close began is worked on as well.
      } while (inWork.size > 0);
      redis.disconnect();
    },
  };
}
