/**
 * Removes jobs that only block their run: BullMQ ignores an add whose id exists, whatever became of
 * that job. Tools, operators and older versions leave such jobs behind.
 *
 * Jobs that wait, are active, or wait for a delay that a worker may give are left alone. An active job
 * that names another run is no job of this one any longer: it is reported as spent.
 */
import type { Queue } from "bullmq";
import type { Redis } from "../redis/index.ts";
import type { Clock, Logger } from "../runtime/index.ts";

/**
 * The ledger bounds how long a run may be delayed. A job that waits for longer than this would block
 * the sweep's job for the same attempt, so only the sweep enqueues runs with longer delays.
 */
export const MAX_JOB_DELAY_MS = 60_000;

export interface CorpseDeps {
  readonly queue: Queue;
  readonly redis: Redis;
  readonly clock: Clock;
  readonly log: Logger;
}

interface JobOfRun {
  readonly jobId: string;
  readonly runId: string;
}

/**
 * Returns the ids that are spent. Costs one round trip when none of the jobs exists. The commands of all
 * jobs share each one.
 */
export async function removeCorpses(
  deps: CorpseDeps,
  jobs: readonly JobOfRun[],
): Promise<ReadonlySet<string>> {
  const spent = new Set<string>();
  // guards G1: dead jobs
  await Promise.all(jobs.map((job) => removeCorpse(deps, job, spent)));
  return spent;
}

async function removeCorpse(deps: CorpseDeps, job: JobOfRun, spent: Set<string>): Promise<void> {
  const { queue, redis, log } = deps;
  const { jobId } = job;
  if ((await redis.exists(queue.toKey(jobId))) === 0) return;
  const state = await queue.getJobState(jobId);
  // guards G27: spent jobs
  if (state === "active" && (await namesAnother(deps, job))) spent.add(jobId);
  if (!(await isCorpse(deps, jobId, state))) return;
  // A job that a worker has taken meanwhile is locked, and stays.
  const removed = await queue.remove(jobId);
  if (removed === 1) log.warn({ jobId, state }, "A job that blocked its run was removed");
}

async function namesAnother({ queue }: CorpseDeps, { jobId, runId }: JobOfRun): Promise<boolean> {
  const job = await queue.getJob(jobId);
  return job !== undefined && job.data?.runId !== runId;
}

async function isCorpse(deps: CorpseDeps, jobId: string, state: string): Promise<boolean> {
  switch (state) {
    case "completed":
    case "failed":
    // The job exists, but in no list.
    case "unknown":
      return true;
    case "delayed":
      return waitsTooLong(deps, jobId);
    default:
      return false;
  }
}

async function waitsTooLong({ queue, clock }: CorpseDeps, jobId: string): Promise<boolean> {
  const job = await queue.getJob(jobId);
  if (!job) return false;
  // A worker whose clock is ahead adds jobs that are due too late. A minute may be the clocks' own.
  const remainingMs = job.timestamp + job.delay - clock.now();
  return job.delay > MAX_JOB_DELAY_MS || remainingMs > 2 * MAX_JOB_DELAY_MS;
}
