/** The tier's database as the superuser: what a test arranges or looks up is not what it tests. */
import { Client } from "pg";
import { inject } from "vitest";
import { z } from "zod";

export async function query(
  sql: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: inject("stack").databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

export async function countRuns(workspaceId: string): Promise<number> {
  const sql = "select count(*)::int as n from public.agent_runs where workspace_id = $1";
  return z.object({ n: z.int() }).parse((await query(sql, [workspaceId]))[0]).n;
}

/** Inserts one row, with the columns that it names. */
export async function placeRow(
  table: string,
  columns: Readonly<Record<string, unknown>>,
): Promise<void> {
  const names = Object.keys(columns);
  const places = names.map((_, index) => `$${index + 1}`);
  await query(
    `insert into public.${table} (${names.join(", ")}) values (${places.join(", ")})`,
    Object.values(columns),
  );
}
