/** The worker process: reads its environment once, starts, and shuts down in order on a signal. */
import { closeOnSignals, createLog, EnvError, parseEnv, toErrorFields } from "@cmo/shared/runtime";
import { createDeps } from "./deps.ts";
import { workerEnvSchema } from "./env.ts";
import { serveHealth } from "./health.ts";
import { startWorker } from "./worker.ts";

/** After the drain, for releasing the remaining runs and closing connections. */
const STOP_GRACE_MS = 10_000;

async function main(): Promise<void> {
  const env = parseEnv(workerEnvSchema, process.env);
  const log = createLog({ level: env.LOG_LEVEL, app: "worker" });
  const deps = createDeps(env, log);
  let stopping = false;

  const worker = await startWorker(deps);
  const health =
    env.WORKER_HEALTH_PORT === undefined
      ? null
      : await serveHealth({
          port: env.WORKER_HEALTH_PORT,
          isReady: () => !stopping && worker.isLeased() && deps.queue.isReady(),
          held: worker.held,
          gateway: () => deps.lanes?.states() ?? [],
        });
  closeOnSignals({
    log,
    deadlineMs: env.WORKER_DRAIN_MS + STOP_GRACE_MS,
    async close() {
      stopping = true;
      await worker.stop();
      await health?.close();
      await deps.close();
    },
  });
  process.send?.({ ready: true });
}

main().catch((error: unknown) => {
  console.error(error instanceof EnvError ? error.message : toErrorFields(error));
  process.exit(1);
});
