/**
 * Takes jobs and passes their run ids to a handler. A handler that returns completes the job. A
 * handler that throws reports an outage of the database or Redis, and the sweep adds the run again.
 */
import { Worker } from "bullmq";
import { z } from "zod";
import { connectConsumer, watchAnswers } from "../redis/index.ts";
import { type Clock, describeError, type Logger, within } from "../runtime/index.ts";
import { QUEUE_NAME } from "./run-queue.ts";

export interface RunConsumer {
  /** Takes no further jobs. Jobs in work continue. */
  pause(): Promise<void>;
  /** Waits for the jobs in work, but not for an outage of Redis to end. */
  close(): Promise<void>;
}

export interface RunConsumerOptions {
  readonly url: string;
  readonly prefix: string;
  readonly concurrency: number;
  readonly log: Logger;
  readonly clock: Clock;
  /** Receives only the run's id, because nothing else in a job is trusted. */
  readonly handle: (runId: string) => Promise<void>;
}

const jobSchema = z.object({ runId: z.guid() });

/**
 * A process that dies between taking a job and claiming its run leaves a job behind, which blocks
 * every add of its id until it counts as stalled. A job wrongly counted as stalled costs one claim.
 */
const LOCK_MS = 5000;
/** How often stalled jobs are searched for. */
const STALLED_CHECK_MS = 1000;
/**
 * Redis wakes one waiting worker for a job. When that worker is suspended or its connection is
 * dead, the others find the job by polling.
 */
const POLL_S = 1;
/** BullMQ's close waits for Redis, and would not end during an outage. */
const CLOSE_TIMEOUT_MS = 2000;

export function createRunConsumer(options: RunConsumerOptions): RunConsumer {
  const { url, prefix, concurrency, log, clock, handle } = options;
  const redis = connectConsumer(url, log);
  watchAnswers(redis, log);
  const inWork = new Set<Promise<void>>();

  async function work(runId: string): Promise<void> {
    const handled = handle(runId).catch((error: unknown) => failJob(runId, error));
    inWork.add(handled);
    await handled.finally(() => inWork.delete(handled));
  }

  /** BullMQ reads the error's members and stores them, so it gets one that is safe and short. */
  function failJob(runId: string, error: unknown): never {
    log.error({ error, runId }, "A job failed; the sweep will add its run again");
    throw new Error(describeError(error));
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
      drainDelay: POLL_S,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      // Claims decide which worker runs what. A stalled job is delivered again, however often, and
      // its claim is refused.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    },
  );
  worker.on("error", (error) => log.debug({ error }, "The connection of the consumer failed"));

  return {
    pause: () => worker.pause(true),
    async close() {
      const closed = worker.close();
      do {
        await Promise.allSettled(inWork);
        await within(clock, CLOSE_TIMEOUT_MS, closed);
        // Jobs that were in delivery when the close began are completed as well.
      } while (inWork.size > 0);
      redis.disconnect();
    },
  };
}
