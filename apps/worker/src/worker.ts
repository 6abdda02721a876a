/** Runs one worker: takes jobs, sends heartbeats, sweeps, receives cancels and stops in order. */
import { createRunConsumer } from "@cmo/shared/queue";
import { isAppError, retryWhileUnavailable, within } from "@cmo/shared/runtime";
import { type ClaimedRun, createClaimNextRun } from "./claim-next-run.ts";
import type { WorkerDeps } from "./deps.ts";
import { handleRun } from "./handle-run.ts";
import { heartbeat } from "./heartbeat.ts";
import { createOutageLog } from "./outage-log.ts";
import { createReconciler } from "./reconcile.ts";
import { repeat } from "./repeat.ts";
import { sweep } from "./sweep.ts";
import { takeRuns } from "./take-runs.ts";

export interface RunningWorker {
  /** The number of runs held now. */
  readonly held: () => number;
  /** True while the lease of this process is valid, by its own clock. */
  readonly isLeased: () => boolean;
  /** Takes no more runs, waits for the held ones for the drain time, and releases the rest. */
  stop(): Promise<void>;
}

/** The lease of the ledger, in heartbeats. */
const LEASE_HEARTBEATS = 4;

/**
 * Resolves after the first heartbeat, from which on this process may hold runs. During an outage of
 * the database it waits, so that a worker started then is there when the outage is over.
 */
export async function startWorker(deps: WorkerDeps): Promise<RunningWorker> {
  const { settings, clock, live, log } = deps;
  const stopping = new AbortController();
  const loop = { clock, log, signal: stopping.signal };

  let leasedAt = clock.now();
  const reconcile = createReconciler(deps);
  const renew = async () => {
    const heldByLedger = await heartbeat(deps);
    leasedAt = clock.now();
    await reconcile(heldByLedger);
  };
  await renewFirst(renew, deps);
  const everyMs = settings.heartbeatMs;
  const loops = [
    repeat({ name: "heartbeat", everyMs, run: renew }, loop),
    repeat({ name: "sweep", everyMs, run: () => sweep(deps) }, loop),
    repeat({ name: "ends", everyMs, run: deps.ends.announceKept }, loop),
  ];
  // guards G10: hint
  await deps.hub.onCancel((runId) => live.abort(runId, null, "cancelled"));
  const draining = new AbortController();
  const taking = {
    ...deps,
    claimNextRun: createClaimNextRun(deps, draining.signal),
    handleRun: (claimed: ClaimedRun) => handleRun(deps, claimed),
    draining: draining.signal,
  };
  const consumer = createRunConsumer({
    url: settings.redisUrl,
    prefix: settings.queuePrefix,
    concurrency: settings.concurrency,
    log,
    clock,
    handle: (job) => takeRuns(taking, job),
  });
  log.info({ workerId: deps.identity.id, concurrency: settings.concurrency }, "Worker started");

  return {
    held: () => live.size,
    isLeased: () => clock.now() - leasedAt < LEASE_HEARTBEATS * settings.heartbeatMs,
    async stop() {
      await consumer.pause();
      draining.abort();
      const ended = consumer.close();
      log.info({ held: live.size }, "The drain began; no more runs are taken");
      await within(clock, settings.drainMs, ended);
      // guards G1, G23: drain
      live.abortAll("drain");
      await ended;
      // Heartbeats continue until here, so that runs held during the drain are not taken for lost.
      stopping.abort();
      await Promise.all(loops);
      await deps.ends.announceKept();
    },
  };
}

/**
 * Retries every expected error: while Supabase starts, it may also refuse the key, and during a
 * deployment it may not know the functions yet.
 */
async function renewFirst(
  renew: () => Promise<void>,
  { clock, log, settings }: Pick<WorkerDeps, "clock" | "log" | "settings">,
): Promise<void> {
  const outage = createOutageLog(log, "Waiting.");
  const policy = {
    waitMs: () => settings.heartbeatMs,
    isUnavailable: isAppError,
    onRetry: outage.failed,
  };
  await retryWhileUnavailable(clock, policy, renew);
  outage.ended();
}
