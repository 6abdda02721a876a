/** For orchestrators: is the process alive, should it get traffic, what is it. No token needed. */
import type { RunQueue } from "@cmo/shared/queue";
import type { Clock } from "@cmo/shared/runtime";
import type { RunHub, RunLog } from "@cmo/shared/stream";
import packageJson from "../../package.json" with { type: "json" };
import type { Drain } from "../drain.ts";
import type { App } from "../http/app-instance.ts";
import { READINESS_MEMORY_MS, READINESS_TIMEOUT_MS } from "../policy.ts";

export interface HealthDeps {
  readonly queue: RunQueue;
  readonly runLog: RunLog;
  readonly hub: RunHub;
  readonly drain: Drain;
  readonly clock: Clock;
  readonly isDatabaseUp: (signal: AbortSignal) => Promise<boolean>;
}

export function registerHealth(app: App, deps: HealthDeps): void {
  const schema = { tags: ["Health"] };
  const askDatabase = rememberAnswer(deps);

  app.get("/livez", { schema }, async () => ({ status: "ok" }));

  // The AI service is not asked: its outage is no reason to take every API out of service.
  app.get("/readyz", { schema }, async (_request, reply) => {
    const checks = {
      database: (await askDatabase()) ? "ok" : "away",
      queue: deps.queue.isReady() ? "ok" : "away",
      stream: deps.runLog.isReady() && deps.hub.isReady() ? "ok" : "away",
    };
    const isReady = Object.values(checks).every((check) => check === "ok");
    const status = deps.drain.begun ? "draining" : isReady ? "ready" : "unready";
    return reply.code(status === "ready" ? 200 : 503).send({ status, checks });
  });

  app.get("/version", { schema }, async () => ({
    name: "cmo-kernel",
    version: packageJson.version,
    node: process.version,
  }));
}

/** However often readiness is asked for, the database is asked once a second. */
function rememberAnswer({ isDatabaseUp, clock }: HealthDeps): () => Promise<boolean> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer = Promise.resolve(false);
  return () => {
    if (clock.now() - askedAt >= READINESS_MEMORY_MS) {
      askedAt = clock.now();
      answer = isDatabaseUp(AbortSignal.timeout(READINESS_TIMEOUT_MS));
    }
    return answer;
  };
}
