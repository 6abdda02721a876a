/** Liveness, readiness and version, for orchestrators. No token is required. */
import { gatewayLaneSchema } from "@cmo/shared/contract";
import { z } from "zod";
import packageJson from "../../../package.json" with { type: "json" };
import type { ApiDeps } from "../../api-deps.ts";
import type { App } from "../../http/app-instance.ts";
import { READINESS_MEMORY_MS, READINESS_TIMEOUT_MS } from "../../policy.ts";

type DatabaseDeps = Pick<ApiDeps, "clock" | "isDatabaseUp" | "countWorkers">;
type HealthDeps = DatabaseDeps & Pick<ApiDeps, "queue" | "runLog" | "hub" | "drain" | "gateway">;

const READINESS =
  "Whether this process should receive traffic. `workers` is the number of live workers, or null " +
  "when the database does not answer. It does not affect readiness: with 0, runs are accepted " +
  "and stay queued until a worker starts.";

const readinessSchema = z.object({
  status: z.enum(["ready", "draining", "unready"]),
  checks: z.record(z.string(), z.string()).describe("`ok` or `away`, for each dependency."),
  workers: z.int().nullable(),
  gateway: z
    .array(gatewayLaneSchema)
    .nullable()
    .describe("The models that live workers use. They do not affect readiness."),
});
const versionSchema = z.object({ name: z.string(), version: z.string(), node: z.string() });

export function registerHealth(app: App, deps: HealthDeps): void {
  const schema = { tags: ["Health"], security: [] };
  const lastAnswer = rememberAnswer(deps);

  const livez = {
    ...schema,
    operationId: "checkLiveness",
    summary: "Check that this process runs",
    response: { 200: z.object({ status: z.string() }) },
  };
  app.get("/livez", { schema: livez }, async () => ({ status: "ok" }));

  // The AI service is not checked: its outage must not take every API out of service.
  const response = { 200: readinessSchema, 503: readinessSchema };
  const readyz = {
    ...schema,
    operationId: "checkReadiness",
    summary: "Check that this process is ready",
    description: READINESS,
    response,
  };
  app.get("/readyz", { schema: readyz }, async (_request, reply) => {
    const [{ isUp, workers }, gateway] = await Promise.all([lastAnswer(), deps.gateway.state()]);
    const checks = {
      database: isUp ? "ok" : "away",
      queue: deps.queue.isReady() ? "ok" : "away",
      stream: deps.runLog.isReady() && deps.hub.isReady() ? "ok" : "away",
    };
    const isReady = Object.values(checks).every((check) => check === "ok");
    const status = deps.drain.begun ? "draining" : isReady ? "ready" : "unready";
    return reply
      .code(status === "ready" ? 200 : 503)
      .send({ status, checks, workers, gateway: gateway?.lanes ?? null });
  });

  const version = {
    ...schema,
    operationId: "readVersion",
    summary: "Read the version",
    response: { 200: versionSchema },
  };
  app.get("/version", { schema: version }, async () => ({
    name: "cmo-kernel",
    version: packageJson.version,
    node: process.version,
  }));
}

interface DatabaseAnswer {
  readonly isUp: boolean;
  readonly workers: number | null;
}

/** Caches the answer, so that the database is queried at most once per second. */
function rememberAnswer(deps: DatabaseDeps): () => Promise<DatabaseAnswer> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer: Promise<DatabaseAnswer> = Promise.resolve({ isUp: false, workers: null });
  return () => {
    if (deps.clock.now() - askedAt >= READINESS_MEMORY_MS) {
      askedAt = deps.clock.now();
      answer = askDatabase(deps);
    }
    return answer;
  };
}

async function askDatabase({ isDatabaseUp, countWorkers }: DatabaseDeps): Promise<DatabaseAnswer> {
  const signal = AbortSignal.timeout(READINESS_TIMEOUT_MS);
  const [isUp, workers] = await Promise.all([isDatabaseUp(signal), countWorkers(signal)]);
  return { isUp, workers };
}
