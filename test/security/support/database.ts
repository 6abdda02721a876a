/** What an attack left behind, looked up as the superuser. */
import { Client } from "pg";
import { inject } from "vitest";
import { z } from "zod";

export async function query(
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: inject("stack").databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

export async function countRuns(workspaceId: string): Promise<number> {
  const sql = "select count(*)::int as n from public.agent_runs where workspace_id = $1";
  return z.object({ n: z.int() }).parse((await query(sql, [workspaceId]))[0]).n;
}
