/** Starts the parts that hold data: PostgreSQL with the Supabase API, and Redis. */
import { join } from "node:path";
import { migrate } from "../database/migrate.ts";
import { seed } from "../database/seed.ts";
import { setDefaultLimits, setRunPolicy } from "../database/set-policy.ts";
import { startPostgres, toDatabaseUrl } from "../postgres/start-postgres.ts";
import { findRedisBinary } from "../redis/redis-binary.ts";
import { startRedis } from "../redis/start-redis.ts";
import { MIGRATIONS_FOLDER, SEED_FILE } from "../repository.ts";
import { startSupabase } from "../supabase/start-supabase.ts";
import { keepPart } from "./keep-part.ts";
import type { Plan } from "./plan.ts";

export async function keepDatabase(plan: Plan): Promise<void> {
  const { keys, ports, folder, say } = plan;
  const databaseUrl = toDatabaseUrl(ports.postgres, keys.postgresPassword);
  const postgres = keepPart(plan, {
    name: "postgres",
    stage: "data",
    start: (own, signal) => {
      const options = {
        folder: join(folder.path, "postgres"),
        port: ports.postgres,
        password: keys.postgresPassword,
        throwAway: folder.isTemporary,
        onLine: (line: string) => say("postgres", line),
      };
      return startPostgres(options, own, signal);
    },
  });
  const options = {
    port: ports.supabase,
    apiUrl: plan.parts.apiUrls[0] ?? null,
    keys,
    databaseUrl: postgres.then(() => databaseUrl),
    migrate: onlyOnce(() => buildSchema(plan, databaseUrl)),
    onLine: (line: string) => say("supabase", line),
  };
  const supabase = keepPart(plan, {
    name: "supabase",
    stage: "supabase",
    start: (own) => startSupabase(options, own),
  });
  await Promise.all([postgres, supabase]);
}

async function buildSchema({ options, folder, say }: Plan, databaseUrl: string): Promise<void> {
  const { applied, changed } = await migrate(databaseUrl, MIGRATIONS_FOLDER);
  if (applied.length > 0) say("stack", `Applied ${applied.length} migrations.`);
  if (changed.length > 0) {
    say(
      "stack",
      `These migrations have changed since they were applied: ${changed.join(", ")}. Remove ${folder.path} to create a new database.`,
    );
  }
  if (options.seed) await seed(databaseUrl, SEED_FILE);
  await setRunPolicy(databaseUrl, options.runPolicy ?? {});
  await setDefaultLimits(databaseUrl, options.tenantLimits ?? {});
}

/** The schema is built when the stack starts, not when the Supabase process restarts. */
function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
}

export async function keepRedis(plan: Plan): Promise<void> {
  const { folder, ports, say, supervisor } = plan;
  const binary = await findRedisBinary({
    signal: supervisor.signal,
    onNote: (line) => say("stack", line),
  });
  const options = {
    binary,
    folder: join(folder.path, "redis"),
    port: ports.redis,
    onLine: (line: string) => say("redis", line),
  };
  await keepPart(plan, { name: "redis", stage: "data", start: (own) => startRedis(options, own) });
}
