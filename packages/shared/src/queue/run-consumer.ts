/**
 * Takes jobs and passes them to a handler. A handler that returns completes the job, or returns it to the
 * queue. A handler that throws reports a failure, and the sweep adds the run again.
 */
import { type Job, WaitingError, Worker } from "bullmq";
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
  readonly handle: (job: TakenJob) => Promise<"done" | "returned">;
}

/** Of what a job says, only the id of a run is trusted. */
export interface TakenJob {
  readonly runId: string;
  /** The process that had the job before has died or was suspended. */
  readonly isRedelivered: boolean;
  /**
   * Names another run in the job, so that the next process to get it knows on which one this process
   * has worked. Best effort.
   */
  worksOn(runId: string): void;
}

const jobSchema = z.object({ runId: z.guid() });

/**
 * A process that dies leaves its jobs behind, which block every add of their ids until they count as
 * stalled. A job wrongly counted as stalled costs one claim.
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
  const inWork = new Set<Promise<unknown>>();

  async function work(job: Job, token: string | undefined, runId: string): Promise<void> {
    const taken = newTakenJob(job, runId, log);
    const handled = handle(taken).catch((error: unknown) => failJob(runId, error));
    inWork.add(handled);
    const end = await handled.finally(() => inWork.delete(handled));
    // Not waited for by `close`, because it needs Redis. Without it the job counts as stalled.
    if (end === "returned") await returnJob(job, token);
  }

  /** BullMQ reads the error's members and stores them, so it gets one that is safe and short. */
  function failJob(runId: string, error: unknown): never {
    log.error({ error, runId }, "A job failed; the sweep will add its run again");
    throw new Error(describeError(error));
  }

  const worker = new Worker(
    QUEUE_NAME,
    async (job, token) => {
      const parsed = jobSchema.safeParse(job.data);
      if (parsed.success) await work(job, token, parsed.data.runId);
      else log.warn({ jobId: job.id }, "A job without a run id was dropped");
    },
    {
      connection: redis,
      prefix,
      concurrency,
      drainDelay: POLL_S,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      // Claims decide which worker runs what, so a stalled job may be delivered again, however often.
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

function newTakenJob(job: Job, runId: string, log: Logger): TakenJob {
  let named = runId;
  return {
    runId,
    isRedelivered: job.stalledCounter > 0,
    worksOn(next) {
      if (next === named) return;
      named = next;
      job.updateData({ runId: next }).catch((error: unknown) => {
        log.debug({ error, runId: next }, "A job does not name the run that is worked on");
      });
    },
  };
}

async function returnJob(job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError("Returned to the queue");
}
