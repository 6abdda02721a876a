/**
 * Applies the pending files of a migrations folder, each in one transaction. The versions are
 * recorded where the Supabase CLI records them, so that both tools can be used on one database.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client, DatabaseError } from "pg";
import { listMigrations, type Migration } from "./migration-files.ts";

const HISTORY = `
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (
    version text primary key, statements text[], name text
  );`;

export interface Migrated {
  readonly applied: readonly string[];
  /** Files whose content has changed since they were applied. */
  readonly changed: readonly string[];
}

export async function migrate(databaseUrl: string, folder: string): Promise<Migrated> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(HISTORY);
    return await applyAll(client, folder);
  } finally {
    await client.end();
  }
}

async function applyAll(client: Client, folder: string): Promise<Migrated> {
  const history = await readHistory(client);
  const migrations = listMigrations(folder);
  refuseOtherHistory(migrations, [...history.keys()]);
  const applied: string[] = [];
  const changed: string[] = [];
  for (const migration of migrations) {
    const sql = readFileSync(join(folder, migration.file), "utf8");
    if (!history.has(migration.version)) {
      await apply(client, migration, sql);
      applied.push(migration.file);
    } else if (history.get(migration.version) !== sql) {
      changed.push(migration.file);
    }
  }
  return { applied, changed };
}

/** A database that is ahead of the folder is fine; one that went another way cannot be continued. */
function refuseOtherHistory(migrations: readonly Migration[], versions: readonly string[]): void {
  const unknown = versions.filter((one) => migrations.every(({ version }) => version !== one));
  const isWhole = migrations.every(({ version }) => versions.includes(version));
  if (isWhole || unknown.length === 0) return;
  throw new Error(
    `The database has ${unknown.length} migrations that are not here, such as ${unknown[0]}. ` +
      "It was made from another history. Remove its data to have it made anew.",
  );
}

async function readHistory(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ version: string; statements: string[] | null }>(
    "select version, statements from supabase_migrations.schema_migrations",
  );
  return new Map(rows.map(({ version, statements }) => [version, (statements ?? []).join("")]));
}

async function apply(
  client: Client,
  { version, name, file }: Migration,
  sql: string,
): Promise<void> {
  try {
    await client.query("begin");
    await client.query(sql);
    await client.query(
      "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)",
      [version, name, [sql]],
    );
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback");
    throw new Error(`Migration ${describeFailure(file, sql, cause)}`, { cause });
  }
}

/** "20260101_x.sql, line 12: column … does not exist." */
export function describeFailure(file: string, sql: string, error: unknown): string {
  if (!(error instanceof DatabaseError)) return `${file}: ${String(error)}`;
  const place = error.position ? `, line ${lineAt(sql, Number(error.position))}` : "";
  const more = [error.detail, error.hint, error.where].filter(Boolean).join("\n  ");
  return `${file}${place}: ${error.message}${more ? `\n  ${more}` : ""}`;
}

/** PostgreSQL counts characters from 1, whole code points. */
function lineAt(sql: string, position: number): number {
  return [...sql].slice(0, position - 1).filter((character) => character === "\n").length + 1;
}
