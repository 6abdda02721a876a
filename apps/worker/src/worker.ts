/** One worker process: takes jobs, beats, sweeps, hears of cancels, and stops in order. */
import { createRunConsumer } from "@cmo/shared/queue";
import { AppError } from "@cmo/shared/runtime";
import { beat } from "./beat.ts";
import type { WorkerDeps } from "./deps.ts";
import { handleRun } from "./handle-run.ts";
import { createReconciler } from "./reconcile.ts";
import { repeat } from "./repeat.ts";
import { sweep } from "./sweep.ts";

export interface RunningWorker {
  /** Runs held right now. */
  readonly held: () => number;
  /** True while the ledger has lately renewed this process's right to hold runs. */
  readonly isLeased: () => boolean;
  /** Takes no more runs, lets those in work end for a while, then hands the rest over. */
  stop(): Promise<void>;
}

const LEASE_BEATS = 4;

/**
 * Resolves after the first beat: from then on this process may hold runs. A database that is away
 * is waited for: what was started during an outage is there when it is over.
 */
export async function startWorker(deps: WorkerDeps): Promise<RunningWorker> {
  const { settings, clock, live, log } = deps;
  const stopping = new AbortController();
  const loop = { clock, log, signal: stopping.signal };

  let leasedAt = clock.now();
  const reconcile = createReconciler(deps);
  const renew = async () => {
    const heldByLedger = await beat(deps);
    leasedAt = clock.now();
    await reconcile(heldByLedger);
  };
  await untilAnswered(renew, deps);
  const everyMs = settings.beatMs;
  const loops = [
    repeat({ name: "beat", everyMs, run: renew }, loop),
    repeat({ name: "sweep", everyMs, run: () => sweep(deps) }, loop),
    repeat({ name: "ends", everyMs, run: deps.ends.tellAgain }, loop),
  ];
  // guards G10: hint
  await deps.hub.onCancel((runId) => live.abort(runId, null, "cancelled"));
  const consumer = createRunConsumer({
    url: settings.redisUrl,
    prefix: settings.queuePrefix,
    concurrency: settings.concurrency,
    log,
    clock,
    handle: (runId) => handleRun(deps, runId),
  });
  log.info({ workerId: deps.identity.id, concurrency: settings.concurrency }, "Worker started");

  return {
    held: () => live.size,
    isLeased: () => clock.now() - leasedAt < LEASE_BEATS * settings.beatMs,
    async stop() {
      await consumer.pause();
      const deadline = new AbortController();
      const ended = consumer.close().finally(() => deadline.abort());
      log.info({ held: live.size }, "Taking no more runs; waiting for those in work");
      await Promise.race([ended, clock.sleep(settings.drainMs, deadline.signal)]);
      // guards G1, G23: drain
      live.abortAll("drain");
      await ended;
      // Beats go on until now: what is still held during a drain must not look lost.
      stopping.abort();
      await Promise.all(loops);
      await deps.ends.tellAgain();
    },
  };
}

async function untilAnswered(
  renew: () => Promise<void>,
  { clock, log, settings }: Pick<WorkerDeps, "clock" | "log" | "settings">,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await renew();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (tries === 1) log.warn({ error }, "Waiting for the ledger to answer");
      await clock.sleep(settings.beatMs);
    }
  }
}
