/** What a case arranges or looks up in the database itself, as its owner. */
import { Client } from "pg";
import type { BenchStack } from "./bench-stack.ts";

type Row = Readonly<Record<string, unknown>>;

export async function withSql<Result>(
  { databaseUrl }: Pick<BenchStack, "databaseUrl">,
  use: (
    query: (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>,
  ) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await use(async (sql, values = []) => (await client.query<Row>(sql, [...values])).rows);
  } finally {
    await client.end();
  }
}

/** Accepts runs as their user would, without the requests. Returns their ids. */
export function createRuns(
  bench: BenchStack,
  { count, prompt }: { readonly count: number; readonly prompt: string },
): Promise<readonly string[]> {
  const { userIds, workspaceId } = bench.users;
  const claims = JSON.stringify({ sub: userIds[0], role: "authenticated" });
  const input = JSON.stringify({ messages: [{ role: "user", content: prompt }] });
  return withSql(bench, async (query) => {
    await query(
      "select set_config('request.jwt.claim.sub', $1, false), set_config('request.jwt.claims', $2, false)",
      [userIds[0], claims],
    );
    const rows = await query(
      `select public.create_run(
         p_id => private.uuid_v7(), p_mode => 'setup', p_input => $1::jsonb,
         p_workspace_id => $2::uuid) -> 'run' ->> 'id' as id
       from generate_series(1, $3::integer)`,
      [input, workspaceId, count],
    );
    return rows.map((row) => String(row["id"]));
  });
}

/** Transactions that have ended so far. */
export function readTransactions(place: { readonly databaseUrl: string }): Promise<number> {
  return withSql(place, async (query) => {
    const [row = {}] = await query(
      "select xact_commit + xact_rollback as total from pg_stat_database where datname = current_database()",
    );
    return Number(row["total"]);
  });
}
