/** The system with known secrets, its failures, and what it wrote meanwhile. */
import { randomBytes } from "node:crypto";
import { type Stack, startStack, WITHOUT_LANES, WITHOUT_LIMITS } from "@cmo/dev";
import { Redis } from "ioredis";
import { Pool } from "pg";
import { type AppProcess, createAppProcess } from "../faults/app-process.ts";
import { readRedis } from "../support/read-redis.ts";
import { playFailures } from "./failures.ts";
import { createMarkedTenant } from "./marked-tenant.ts";
import { type Found, newWritten, type Written } from "./written.ts";

export interface SecretReport {
  readonly runs: number;
  /** How often each status and error code was a run's ending. */
  readonly endings: readonly string[];
  /** Characters that were searched, by place. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly leaks: readonly Found[];
  readonly planted: number;
  /** Planted, and not found. */
  readonly missed: readonly Found[];
}

/** A brand's text is in its row, and in what the agents say of it: in runs and their logs. */
const BRAND_MAY_BE_IN = ["database rows", "redis logs", "redis commands of logs"];

export async function huntSecrets(say: (line: string) => void): Promise<SecretReport> {
  const stack = await startStack({
    ports: "free",
    // Empty on purpose: a key in a developer's shell must not send runs to a real gateway.
    environment: {},
    apps: { api: 0, workers: 0 },
    appEnvironment: { ...WITHOUT_LANES, DEMO_PIECES_PER_SECOND: "5000" },
    runPolicy: { lease: "2 seconds", sweep_every: "450 milliseconds" },
    tenantLimits: WITHOUT_LIMITS,
    seed: false,
    onLine: () => {},
  });
  try {
    return await huntIn(stack, say);
  } finally {
    await stack.stop();
  }
}

async function huntIn(stack: Stack, say: (line: string) => void): Promise<SecretReport> {
  const { databaseUrl, jwtSecret } = stack;
  if (databaseUrl === null || jwtSecret === null) throw new Error("The hunt needs its own stack.");
  const written = newWritten();
  const pool = new Pool({ connectionString: databaseUrl, max: 2 });
  const redis = new Redis(stack.redisUrl);
  const monitor = await redis.monitor();
  monitor.on("monitor", (_time: string, args: string[]) => {
    written.add(isOfLog(args) ? "redis commands of logs" : "redis commands", args.join(" "));
  });
  const password = randomBytes(18).toString("base64url");
  const [api, worker] = await startApps(stack, { password, written });
  try {
    const tenant = await createMarkedTenant(pool, jwtSecret);
    const failures = {
      api,
      worker,
      tenant,
      gatewayKey: stack.environment["LOVABLE_API_KEY"] ?? "",
    };
    await playFailures(failures, { say, hear: (text) => written.add("answers", text) });
    const secrets = {
      "the service key": stack.secretKey,
      "the JWT secret": jwtSecret,
      "the gateway's key": failures.gatewayKey,
      "the Redis password": password,
      "a user's token": tenant.token,
    };
    await Promise.all([api.close(), worker.close()]);
    return await search({ pool, redis, written }, secrets, tenant.mark);
  } finally {
    await Promise.all([api.close(), worker.close()]);
    monitor.disconnect();
    redis.disconnect();
    await pool.end();
  }
}

/** Each app holds its own secrets only. */
const NOT_FOR = {
  api: ["SUPABASE_SECRET_KEY", "LOVABLE_API_KEY", "AI_GATEWAY_API_KEY", "AI_GATEWAY_HEADERS"],
  worker: ["SUPABASE_JWT_SECRET"],
};

function without(names: readonly string[], all: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
}

const isOfLog = (args: readonly string[]) => args.some((arg) => arg.startsWith("{run:"));

/** Redis takes any password where it asks for none; the address carries this one all the same. */
async function startApps(
  stack: Stack,
  { password, written }: { readonly password: string; readonly written: Written },
): Promise<[api: AppProcess, worker: AppProcess]> {
  const redisUrl = new URL(stack.redisUrl);
  redisUrl.username = "default";
  redisUrl.password = password;
  const { PATH = "", HOME = "" } = process.env;
  const own = { PATH, HOME, LOG_LEVEL: "debug", WORKER_HEARTBEAT_MS: "500" };
  const create = (app: "api" | "worker") =>
    createAppProcess({
      name: app,
      app,
      environment: { ...own, ...without(NOT_FOR[app], stack.environment) },
      servers: { ...stack, redisUrl: redisUrl.href, gatewayUrl: stack.gatewayUrl ?? "" },
      onLine: (line) => written.add(`lines of the ${app}`, line),
    });
  const apps = [await create("api"), await create("worker")] as const;
  await Promise.all(apps.map((app) => app.start()));
  return [...apps];
}

interface Places {
  readonly pool: Pool;
  readonly redis: Redis;
  readonly written: Written;
}

async function search(
  { pool, redis, written }: Places,
  secrets: Readonly<Record<string, string>>,
  mark: string,
): Promise<SecretReport> {
  for (const { key, text } of await readRedis(redis)) {
    written.add(key.startsWith("{run:") ? "redis logs" : "redis keys", text);
  }
  for (const row of await readRows(pool)) written.add("database rows", row);
  const leaks = [
    ...written.find(secrets),
    ...written
      .find({ "a brand's text": mark })
      .filter(({ place }) => !BRAND_MAY_BE_IN.includes(place) && place !== "answers"),
  ];
  const { rows: endings } = await pool.query<{ ending: string }>(
    `select count(*) || ' ' || coalesce(error_code, status) as ending from public.agent_runs
     group by error_code, status order by 1`,
  );
  const { rows: runs } = await pool.query("select from public.agent_runs");
  const sizes = written.sizes();
  return {
    runs: runs.length,
    endings: endings.map(({ ending }) => ending),
    sizes,
    leaks,
    ...plant(written, secrets),
  };
}

/** Everything after this is lost to the search: it is the proof that the search finds. */
function plant(written: Written, secrets: Readonly<Record<string, string>>) {
  const places = [...written.sizes().keys()];
  for (const place of places) {
    for (const value of Object.values(secrets)) written.add(place, `before ${value} after`);
  }
  const found = new Set(written.find(secrets).map(({ secret, place }) => `${secret} ${place}`));
  const planted = Object.keys(secrets).flatMap((secret) =>
    places.map((place) => ({ secret, place })),
  );
  const missed = planted.filter(({ secret, place }) => !found.has(`${secret} ${place}`));
  return { planted: planted.length, missed };
}

async function readRows(pool: Pool): Promise<string[]> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_catalog.pg_class c
     where c.relkind in ('r', 'p')
       and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(
      `select to_jsonb(t)::text as row from ${name} t`,
    );
    texts.push(...rows.map(({ row }) => `${name} ${row}`));
  }
  return texts;
}
