/** The pages that each function of the ledger touches, by EXPLAIN, in a life of one run. */
import { randomUUID } from "node:crypto";
import { newRunId } from "@cmo/shared/runtime";
import { describePlan } from "./plan-log.ts";
import { withSql } from "./sql.ts";

export interface PagesOptions {
  readonly databaseUrl: string;
  readonly workspaceId: string;
  readonly userId: string;
}

type Query = (
  sql: string,
  values?: readonly unknown[],
) => Promise<readonly Record<string, unknown>[]>;

const ANSWER = {
  output_text: "words",
  text_length: 5,
  truncated: false,
  usage: null,
  calls: [],
  model: null,
  agent_version: 1,
};

/** The first life in a connection reads the catalogue as well: the second one counts. */
export function readLedgerPages(options: PagesOptions): Promise<ReadonlyMap<string, number>> {
  return withSql(options, async (query) => {
    await liveOnce(query, options);
    return liveOnce(query, options);
  });
}

async function liveOnce(query: Query, options: PagesOptions): Promise<ReadonlyMap<string, number>> {
  const pages = new Map<string, number>();
  const [run, other, worker] = [newRunId(), newRunId(), randomUUID()];
  const explain = async (name: string, args: readonly unknown[]): Promise<void> => {
    pages.set(name, await pagesOf(query, name, args));
  };
  const input = JSON.stringify({ messages: [] });
  await query("begin");
  try {
    await actAs(query, options.userId);
    await explain("create_run", [run, "setup", input, options.workspaceId]);
    await pagesOf(query, "create_run", [other, "setup", input, options.workspaceId]);
    await explain("heartbeat_worker", [worker]);
    await explain("claim_run", [run, worker]);
    await explain("release_run", [
      run,
      1,
      JSON.stringify({ kind: "drain", delay_ms: 0, ...ANSWER }),
    ]);
    await pagesOf(query, "claim_run", [run, worker]);
    await explain("reconcile_worker", [worker, JSON.stringify([{ id: run, attempt: 2 }])]);
    const result = JSON.stringify({ status: "completed", output: { message: "Done." }, ...ANSWER });
    await explain("finalize_run", [run, 2, result]);
    await explain("cancel_run", [other]);
    await explain("sweep_runs", [worker]);
    await explain("count_workers", []);
    return pages;
  } finally {
    await query("rollback");
  }
}

function actAs(query: Query, userId: string) {
  const claims = JSON.stringify({ sub: userId, role: "authenticated" });
  return query(
    "select set_config('request.jwt.claim.sub', $1, true), set_config('request.jwt.claims', $2, true)",
    [userId, claims],
  );
}

async function pagesOf(query: Query, name: string, args: readonly unknown[]): Promise<number> {
  const places = args.map((_, index) => `$${index + 1}`).join(", ");
  const sql = `explain (analyze, buffers, format json) select public.${name}(${places})`;
  const [row = {}] = await query(sql, args);
  const [{ Plan: plan }] = row["QUERY PLAN"] as [{ Plan: Parameters<typeof describePlan>[0] }];
  return describePlan(plan).pages;
}
