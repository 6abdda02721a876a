/** The API process: starts completely or exits, and shuts down in order. */
import { closeOnSignals, createLog, EnvError, parseEnv, toErrorFields } from "@cmo/shared/runtime";
import { buildApp } from "./app.ts";
import { createDeps } from "./deps.ts";
import { type ApiEnv, apiEnvSchema } from "./env.ts";

async function main(env: ApiEnv): Promise<void> {
  const log = createLog({ level: env.LOG_LEVEL, app: "api" });
  const deps = createDeps(env, log);
  const app = await buildApp(deps);
  closeOnSignals({
    log,
    deadlineMs: env.DRAIN_MS,
    async close() {
      deps.drain.begin();
      await app.close();
      await deps.close();
    },
  });
  const address = await app.listen({ host: env.HOST, port: env.PORT });
  process.send?.({ ready: true, port: Number(new URL(address).port) });
}

try {
  await main(parseEnv(apiEnvSchema, process.env));
} catch (error) {
  // No logger exists yet.
  console.error(error instanceof EnvError ? error.message : toErrorFields(error));
  process.exit(1);
}
