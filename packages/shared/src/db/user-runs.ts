/** Runs of a user. Every call is subject to that user's row-level security. */
import { z } from "zod";
import {
  type Run,
  type RunMode,
  type RunStatus,
  type RunSummary,
  runSchema,
  runSummarySchema,
} from "../contract/index.ts";
import { AppError } from "../runtime/index.ts";
import { callRpc } from "./call-rpc.ts";
import type { UserClient } from "./clients.ts";
import { toDatabaseError } from "./database-error.ts";
import { decodePageCursor, encodePageCursor } from "./page-cursor.ts";

export interface NewRun {
  readonly id: string;
  readonly mode: RunMode;
  readonly input: Record<string, unknown>;
  readonly workspaceId?: string | undefined;
  readonly tenantClaim?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly save: boolean;
  readonly onRateLimit: "fail" | "wait";
  readonly retryOf?: string | undefined;
}

export interface RunQuery {
  readonly workspaceId?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly mode?: RunMode | undefined;
  readonly limit: number;
  readonly before?: string | undefined;
}

export interface UserRuns {
  /** Resolves once the run is committed. `created` is false for a key or an id that was used. */
  create(run: NewRun): Promise<{ run: Run; created: boolean }>;
  /** Null for an unknown or a foreign run. An abort of `signal` counts as an outage. */
  find(id: string, signal?: AbortSignal): Promise<Run | null>;
  list(query: RunQuery): Promise<{ runs: RunSummary[]; next: string | null }>;
  cancel(id: string): Promise<Run>;
}

const createdSchema = z.object({ created: z.boolean(), run: runSchema });
const cancelledSchema = z.object({ run: runSchema });
const caller = "user";
const SUMMARY_COLUMNS = Object.keys(runSummarySchema.shape).join(",");

export function createUserRuns(client: UserClient): UserRuns {
  return {
    create: (run) =>
      callRpc(client, { name: "create_run", caller, args: toArgs(run) }, createdSchema),
    async find(id, signal) {
      if (!z.guid().safeParse(id).success) return null;
      const rows = client.from("agent_runs").select("*").eq("id", id);
      const asked = (signal ? rows.abortSignal(signal) : rows).maybeSingle();
      const { data, error, status } = await asked;
      if (error) throw toDatabaseError({ name: "agent_runs", caller }, error, status);
      return data === null ? null : runSchema.parse(data);
    },
    list: (query) => listRuns(client, query),
    async cancel(id) {
      const args = { p_run_id: id };
      return (await callRpc(client, { name: "cancel_run", caller, args }, cancelledSchema)).run;
    },
  };
}

/** The function's defaults apply to arguments that are left out. */
function toArgs(run: NewRun) {
  return {
    p_id: run.id,
    p_mode: run.mode,
    p_input: z.json().parse(run.input),
    p_save: run.save,
    p_on_rate_limit: run.onRateLimit,
    ...(run.workspaceId === undefined ? {} : { p_workspace_id: run.workspaceId }),
    ...(run.tenantClaim === undefined ? {} : { p_tenant_claim: run.tenantClaim }),
    ...(run.idempotencyKey === undefined ? {} : { p_idempotency_key: run.idempotencyKey }),
    ...(run.retryOf === undefined ? {} : { p_retry_of: run.retryOf }),
  };
}

/** One row more than the page says whether another page follows. */
async function listRuns(client: UserClient, query: RunQuery) {
  const call = { name: "list_runs", caller } as const;
  const { data, error, status } = await client
    .rpc(call.name, toListArgs(query))
    .select(SUMMARY_COLUMNS);
  if (error) throw toDatabaseError(call, error, status);
  const runs = z.array(runSummarySchema).parse(data);
  const page = runs.slice(0, query.limit);
  const last = page.at(-1);
  return { runs: page, next: runs.length > page.length && last ? encodePageCursor(last) : null };
}

function toListArgs({ workspaceId, status, mode, before, limit }: RunQuery) {
  return {
    p_limit: limit + 1,
    ...(workspaceId === undefined ? {} : { p_workspace_id: workspaceId }),
    ...(status === undefined ? {} : { p_status: status }),
    ...(mode === undefined ? {} : { p_mode: mode }),
    ...(before === undefined ? {} : toBeforeArgs(before)),
  };
}

function toBeforeArgs(before: string) {
  const cursor = decodePageCursor(before);
  if (!cursor) throw new AppError("invalid_cursor", "`before` must be the `next` of a page.");
  const [at, id] = cursor;
  return { p_before_at: at, p_before_id: id };
}
