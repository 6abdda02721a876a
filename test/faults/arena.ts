/**
 * The whole system for one scenario: a stack of its own, the API and the workers as processes of
 * the harness, each behind proxies, and one history of everything that is observed.
 *
 * Guarantees:
 * 1. It starts the processes, servers and connections of production, with shorter times.
 * 2. It ends only processes that it started, by pid.
 * 3. `close` leaves nothing behind, even after a failed scenario.
 */
import { type Stack, startStack, WITHOUT_LANES, WITHOUT_LIMITS } from "@cmo/dev";
import { APP_NODE_OPTIONS } from "@cmo/dev/app-environment";
import { z } from "zod";
import { eventually } from "../support/eventually.ts";
import { type AppProcess, createAppProcess } from "./app-process.ts";
import { type Client, createClient } from "./client.ts";
import { type GatewayRecord, newGatewayRecord } from "./gateway-record.ts";
import { createHistory, type HistoryRecorder, now } from "./history.ts";
import { type ObservedDatabase, observeDatabase } from "./observed-database.ts";
import { newRunHolders, type RunHolders } from "./run-holders.ts";
import { newSecretWatch, type SecretWatch } from "./secret-watch.ts";
import { countSubscriptions } from "./subscriptions.ts";

export interface ArenaOptions {
  readonly apis?: number;
  readonly workers?: number;
  /** On top of the short times. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Columns of `private.run_policy`, on top of the halved liveness. */
  readonly runPolicy?: Readonly<Record<string, string>>;
  /** Columns of the defaults in `private.tenant_limits`; without them nothing is limited. */
  readonly tenantLimits?: Readonly<Record<string, string>>;
  /** Absent: the times of production. */
  readonly times?: "short" | "default";
  /** Of the gateway's answers. */
  readonly piecesPerSecond?: number;
  readonly onLine?: (name: string, line: string) => void;
}

export interface Arena {
  readonly stack: Stack;
  readonly apis: readonly AppProcess[];
  readonly workers: readonly AppProcess[];
  readonly database: ObservedDatabase;
  readonly gateway: GatewayRecord;
  readonly recorder: HistoryRecorder;
  /** Which process claimed which attempt of a run. */
  readonly holders: RunHolders;
  /** The one in use, without the proxies. */
  readonly redisUrl: string;
  /** For texts that no process writes; searched when the history is closed. */
  readonly secrets: SecretWatch;
  /** Before the first run; compared with the number at the end. */
  readonly subscriptionsBefore: number;
  /** How long a worker may send no heartbeat before it is lost. */
  readonly leaseMs: number;
  /** Puts another Redis behind all proxies and closes the connections to the old one. */
  moveRedis(url: string): void;
  /** A user of a tenant of its own. */
  createClient(): Promise<Client>;
  /** Records a fault that lasts as long as `whileBroken` takes. */
  fault<Result>(what: string, whileBroken: () => Promise<Result> | Result): Promise<Result>;
  /** Called by `close`, once no process of the system is left. */
  onClose(close: () => Promise<void>): void;
  close(): Promise<void>;
}

/** Half of production's. With less, a busy machine would lose healthy workers. */
const SHORT_LIVENESS = { lease: "2 seconds", sweep_every: "450 milliseconds" };
const LEASE_MS = { short: 2_000, default: 4_000 };
/** Four keep-alive intervals: a connection that is silent for longer is dead. */
const SILENCE_MS = { short: 6_000, default: 60_000 };
/** A tenth of production's. */
const SHORT_TIMES = {
  WORKER_HEARTBEAT_MS: "500",
  WORKER_DRAIN_MS: "2500",
  GATEWAY_FIRST_BYTE_MS: "6000",
  GATEWAY_IDLE_MS: "3000",
  SSE_KEEP_ALIVE_MS: "1500",
  SSE_WRITE_TIMEOUT_MS: "3000",
  DEFER_STATUS_MS: "2000",
};
const readinessSchema = z.object({ status: z.literal("ready") });
/** Answers of a few seconds, in pieces between which readers can be cut off. */
const PIECE_CHARS = 24;
const PIECES_PER_SECOND = 100;

export async function createArena(options: ArenaOptions = {}): Promise<Arena> {
  const isShort = options.times !== "default";
  const stack = await startStack({
    ports: "free",
    // Empty on purpose: a key in a developer's shell must not send runs to a real gateway.
    environment: {},
    apps: { api: 0, workers: 0 },
    appEnvironment: {
      DEMO_PIECE_CHARS: String(PIECE_CHARS),
      DEMO_PIECES_PER_SECOND: String(options.piecesPerSecond ?? PIECES_PER_SECOND),
    },
    tenantLimits: { ...WITHOUT_LIMITS, ...options.tenantLimits },
    runPolicy: { ...(isShort ? SHORT_LIVENESS : {}), ...options.runPolicy },
    seed: false,
    onLine: options.onLine ?? (() => {}),
  });
  try {
    return await openArena(stack, options);
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

async function openArena(stack: Stack, options: ArenaOptions): Promise<Arena> {
  const { databaseUrl, jwtSecret, gatewayUrl } = stack;
  if (databaseUrl === null || jwtSecret === null || gatewayUrl === null) {
    throw new Error("The arena needs a database and a gateway of its own.");
  }
  const recorder = createHistory();
  const holders = newRunHolders();
  const database = await observeDatabase(databaseUrl, jwtSecret);
  const secrets = newSecretWatch(stack.environment, recorder);
  const processes = await createProcesses({ ...stack, gatewayUrl }, { options, holders, secrets });
  const apis = processes.filter(({ name }) => name.startsWith("api"));
  const workers = processes.filter(({ name }) => name.startsWith("worker"));
  const clients: Client[] = [];
  const closings: (() => Promise<void>)[] = [];
  let { redisUrl } = stack;
  const { times = "short" } = options;
  const subscriptionsBefore = await countSubscriptions(stack);

  return {
    stack,
    apis,
    workers,
    database,
    gateway: newGatewayRecord(gatewayUrl),
    recorder,
    holders,
    get redisUrl() {
      return redisUrl;
    },
    secrets,
    subscriptionsBefore,
    leaseMs: LEASE_MS[times],
    moveRedis: (url) => {
      redisUrl = url;
      for (const { redis } of processes) {
        redis.aim(Number(new URL(url).port));
        redis.reset();
      }
    },
    createClient: async () => {
      const tenant = await database.createTenant();
      const urls = apis.map(({ front }) => `http://127.0.0.1:${front.port}`);
      const silenceMs = SILENCE_MS[times];
      const client = createClient({ tenant, urls, recorder, silenceMs });
      clients.push(client);
      return client;
    },
    fault: keepFaults(recorder),
    onClose: (close) => {
      closings.push(close);
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await Promise.all(processes.map((one) => one.close()));
      for (const close of closings) await close();
      await database.close();
      await stack.stop();
    },
  };
}

function keepFaults(recorder: HistoryRecorder): Arena["fault"] {
  return async (what, whileBroken) => {
    const at = now();
    try {
      return await whileBroken();
    } finally {
      recorder.keep({ kind: "fault", at, what, until: now() });
    }
  };
}

interface ProcessesOptions {
  readonly options: ArenaOptions;
  readonly holders: RunHolders;
  readonly secrets: SecretWatch;
}

async function createProcesses(
  stack: Stack & { readonly gatewayUrl: string },
  { options, holders, secrets }: ProcessesOptions,
): Promise<AppProcess[]> {
  const { apis = 1, workers = 2, onLine = () => {} } = options;
  const create = (app: "api" | "worker", number: number): Promise<AppProcess> => {
    const name = `${app}-${number}`;
    return createAppProcess({
      name,
      app,
      servers: stack,
      environment: environmentOf(app, stack, options),
      onLine: (line) => {
        onLine(name, line);
        holders.hear(name, line);
        secrets.hear(name, line);
      },
    });
  };
  const processes = await Promise.all([
    ...Array.from({ length: apis }, (_, index) => create("api", index + 1)),
    ...Array.from({ length: workers }, (_, index) => create("worker", index + 1)),
  ]);
  try {
    await Promise.all(processes.map((one) => one.start()));
    // An API without all its connections accepts runs and leaves them to the sweep.
    await Promise.all(processes.filter(({ name }) => name.startsWith("api")).map(untilReady));
    return processes;
  } catch (error) {
    await Promise.all(processes.map((one) => one.close()));
    throw error;
  }
}

async function untilReady({ front }: AppProcess): Promise<void> {
  await eventually(
    async () => (await fetch(`http://127.0.0.1:${front.port}/readyz`)).json(),
    (answer) => readinessSchema.safeParse(answer).success,
  );
}

/** Each app receives only its own variables: the API holds no key that bypasses row-level security. */
const NOT_FOR = {
  api: ["SUPABASE_SECRET_KEY", "LOVABLE_API_KEY", "AI_GATEWAY_API_KEY", "AI_GATEWAY_HEADERS"],
  worker: ["SUPABASE_JWT_SECRET"],
};

function environmentOf(
  app: "api" | "worker",
  stack: Stack,
  { environment = {}, times }: ArenaOptions,
): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  const all = {
    PATH,
    HOME,
    NODE_OPTIONS: APP_NODE_OPTIONS,
    ...stack.environment,
    // A fault that one run asks for is not to delay the others. `test:gateway-limits` plays lanes.
    ...WITHOUT_LANES,
    ...(times === "default" ? {} : SHORT_TIMES),
    ...environment,
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !NOT_FOR[app].includes(name)));
}
