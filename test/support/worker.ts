/** A worker in the test's own process, with a queue of its own and the stack's real everything. */
import { randomUUID } from "node:crypto";
import { parseEnv } from "@cmo/shared/runtime";
import { createDeps, type WorkerDeps } from "@cmo/worker/deps";
import { workerEnvSchema } from "@cmo/worker/env";
import { inject } from "vitest";
import { closeAfter } from "./close-after.ts";
import { eventually } from "./eventually.ts";
import { silentLog } from "./streams.ts";

/**
 * `environment` is given on top of the stack's. It claims runs of WORKER_TENANTS alone, and without them
 * of nobody, because other test files run beside this one. Closed when the test file is done.
 */
export async function openWorkerDeps(
  environment: Readonly<Record<string, string>> = {},
): Promise<WorkerDeps> {
  const env = parseEnv(workerEnvSchema, {
    ...inject("stack").environment,
    QUEUE_PREFIX: `test-${randomUUID()}`,
    WORKER_TENANTS: randomUUID(),
    WORKER_HEARTBEAT_MS: "500",
    // A worker may hold what other tests left behind; nobody waits for that.
    WORKER_DRAIN_MS: "200",
    // What one test plays of a gateway must not hold for the others.
    GATEWAY_LANES: "off",
    ...environment,
  });
  const deps = createDeps(env, silentLog);
  closeAfter(() => deps.close());
  await eventually(() => deps.queue.isReady() && deps.runLog.isReady(), Boolean);
  return deps;
}
