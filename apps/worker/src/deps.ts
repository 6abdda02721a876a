/** Creates the worker's dependencies from its environment, and closes them together. */
import { randomUUID } from "node:crypto";
import { createHttpGateway, createJsonRepairer, createTokenCounter } from "@cmo/agents";
import {
  createLaneLedger,
  createRunLedger,
  createServiceClient,
  createWorkspaceDb,
} from "@cmo/shared/db";
import { createRunQueue, type RunQueue } from "@cmo/shared/queue";
import { type Logger, newSlots, systemClock } from "@cmo/shared/runtime";
import { createRunHub, createRunLog, type RunHub } from "@cmo/shared/stream";
import { createEndAnnouncer } from "./announce-ends.ts";
import type { ClaimNextRunDeps } from "./claim-next-run.ts";
import type { WorkerEnv } from "./env.ts";
import { createFlushClock } from "./flush-clock.ts";
import type { HandleRunDeps } from "./handle-run.ts";
import { createLanes, type GatewayIdentity } from "./lanes.ts";
import { createLiveRuns } from "./live-runs.ts";
import type { SweepDeps } from "./sweep.ts";

interface WorkerSettings {
  readonly redisUrl: string;
  readonly queuePrefix: string;
  readonly concurrency: number;
  readonly heartbeatMs: number;
  readonly drainMs: number;
}

export interface WorkerDeps extends HandleRunDeps, ClaimNextRunDeps, SweepDeps {
  readonly settings: WorkerSettings;
  readonly queue: RunQueue;
  readonly hub: RunHub;
  close(): Promise<void>;
}

/**
 * Runs that read their context and build their prompt at the same time. Each may read megabytes, and
 * what arrives together is handled in one turn of the event loop.
 */
const PREPARED_AT_ONCE = 8;

/**
 * More would not be answered sooner, because Supabase's API has about ten connections to the database,
 * and other claims would meet their locks.
 */
const CLAIMED_AT_ONCE = 4;

export function createDeps(env: WorkerEnv, log: Logger): WorkerDeps {
  const clock = systemClock;
  const logUrl = env.REDIS_LOG_URL ?? env.REDIS_URL;
  const client = createServiceClient({ url: env.SUPABASE_URL, secretKey: env.SUPABASE_SECRET_KEY });
  const queue = createRunQueue({ url: env.REDIS_URL, prefix: env.QUEUE_PREFIX, log, clock });
  const runLog = createRunLog({ url: logUrl, log });
  const hub = createRunHub({ url: logUrl, log, clock });

  const gateway = createGateway(env);
  const repairer = createJsonRepairer();
  const tokens = createTokenCounter();
  const isPooled = env.GATEWAY_LANES === "on";
  const lanes = createLanes({
    ledger: createLaneLedger(client),
    gateway: newGatewayIdentity(env),
    models: modelsOf(env),
    clock,
    log,
  });

  return {
    settings: readSettings(env),
    ledger: createRunLedger(client, env.WORKER_TENANTS),
    lane: () => (isPooled ? lanes.current() : null),
    claiming: newSlots(CLAIMED_AT_ONCE),
    workspaceDb: (workspaceId) => createWorkspaceDb(client, workspaceId),
    preparing: newSlots(PREPARED_AT_ONCE),
    gateway,
    model: env.AI_MODEL,
    lanes: isPooled ? lanes : null,
    repairer,
    tokens,
    queue,
    runLog,
    ends: createEndAnnouncer(runLog, log),
    hub,
    live: createLiveRuns(),
    flushClock: createFlushClock(clock),
    identity: { id: randomUUID() },
    newId: randomUUID,
    random: Math.random,
    clock,
    log,
    async close() {
      const opened = [queue, runLog, hub, gateway, repairer, tokens];
      await Promise.all(opened.map((one) => one.close()));
    },
  };
}

function readSettings(env: WorkerEnv): WorkerSettings {
  return {
    redisUrl: env.REDIS_URL,
    queuePrefix: env.QUEUE_PREFIX,
    concurrency: env.WORKER_CONCURRENCY,
    heartbeatMs: env.WORKER_HEARTBEAT_MS,
    drainMs: env.WORKER_DRAIN_MS,
  };
}

function createGateway(env: WorkerEnv): ReturnType<typeof createHttpGateway> {
  return createHttpGateway({
    baseUrl: env.AI_GATEWAY_URL,
    apiKey: keyOf(env),
    headers: env.AI_GATEWAY_HEADERS,
    models: modelsOf(env),
    extraBody: env.AI_GATEWAY_EXTRA_BODY,
    timeouts: { firstDataMs: env.GATEWAY_FIRST_BYTE_MS, idleMs: env.GATEWAY_IDLE_MS },
  });
}

const modelsOf = (env: WorkerEnv): readonly [string, ...string[]] => [
  env.AI_MODEL,
  ...env.AI_MODEL_FALLBACKS,
];

const keyOf = (env: WorkerEnv): string => env.AI_GATEWAY_API_KEY ?? env.LOVABLE_API_KEY ?? "";

function newGatewayIdentity(env: WorkerEnv): GatewayIdentity {
  return { url: env.AI_GATEWAY_URL, key: keyOf(env), headers: env.AI_GATEWAY_HEADERS };
}
