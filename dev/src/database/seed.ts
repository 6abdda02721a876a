/**
 * Creates the demo tenant. The seed file is applied when it is new or has changed, so it must be
 * idempotent. Its hash is recorded where the Supabase CLI records it.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { Client } from "pg";
import { describeFailure } from "./migrate.ts";

const HISTORY = `
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.seed_files (
    path text primary key, hash text not null
  );`;
const PATH = "supabase/seed.sql";

export async function seed(databaseUrl: string, file: string): Promise<void> {
  if (!existsSync(file)) return;
  const sql = readFileSync(file, "utf8");
  const hash = createHash("sha256").update(sql).digest("hex");
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(HISTORY);
    const known = await client.query(
      "select from supabase_migrations.seed_files where path = $1 and hash = $2",
      [PATH, hash],
    );
    if (known.rowCount === 0) await apply(client, sql, hash);
  } finally {
    await client.end();
  }
}

async function apply(client: Client, sql: string, hash: string): Promise<void> {
  try {
    await client.query("begin");
    await client.query(sql);
    await client.query(
      `insert into supabase_migrations.seed_files (path, hash) values ($1, $2)
       on conflict (path) do update set hash = excluded.hash`,
      [PATH, hash],
    );
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback");
    throw new Error(`Seed ${describeFailure(PATH, sql, cause)}`, { cause });
  }
}
