/** Runs of a user. Every call is subject to that user's row-level security. */
import { z } from "zod";
import {
  type RateLimit,
  type Run,
  type RunMode,
  type RunStatus,
  type RunSummary,
  rateLimitSchema,
  runSchema,
  runSummarySchema,
} from "../contract/index.ts";
import { AppError } from "../runtime/index.ts";
import { callRpc } from "./call-rpc.ts";
import type { UserClient } from "./clients.ts";
import { toDatabaseError } from "./database-error.ts";
import type { GatheredReads, SummaryRow } from "./gather-run-reads.ts";
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
  /** The chat of its user that it belongs to. */
  readonly chatId?: string | undefined;
}

export interface RunQuery {
  readonly workspaceId?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly mode?: RunMode | undefined;
  readonly limit: number;
  readonly before?: string | undefined;
}

interface CreatedRun {
  readonly run: Run;
  readonly created: boolean;
  /** What is left for the caller; of a repeat nothing is known. */
  readonly rateLimit: RateLimit | null;
}

export interface UserRuns {
  /** Resolves once the run is committed. `created` is false for a key or an id that was used. */
  create(run: NewRun): Promise<CreatedRun>;
  /**
   * Null for an unknown or a foreign run. An abort of `signal` counts as an outage. With a signal, it
   * is read together with other runs of the same user, if another read is under way.
   */
  find(id: string, signal?: AbortSignal): Promise<Run | null>;
  /** The last run that this user has submitted in a chat; null if there is none. */
  findOfChat(userId: string, chatId: string): Promise<Run | null>;
  list(query: RunQuery): Promise<{ runs: RunSummary[]; next: string | null }>;
  cancel(id: string): Promise<Run>;
}

const createdSchema = z
  .object({ created: z.boolean(), run: runSchema, rate_limit: rateLimitSchema.nullish() })
  .transform(({ rate_limit, ...created }) => ({ ...created, rateLimit: rate_limit ?? null }));
const cancelledSchema = z.object({ run: runSchema });
const caller = "user";
const SUMMARY_COLUMNS = Object.keys(runSummarySchema.shape).join(",");

export interface Together {
  readonly gathered: GatheredReads;
  /** Equal for all clients that act as the same user: their token. */
  readonly user: string;
}

export function createUserRuns(client: UserClient, together: Together): UserRuns {
  const reads = newRunReads(client);
  let known: Run | null = null;

  async function findTogether(id: string, signal: AbortSignal): Promise<Run | null> {
    const { gathered, user } = together;
    const found = await gathered.any(user, reads, { id, signal });
    if (found?.kind !== "summary") return found?.run ?? null;
    const summary = runSummarySchema.parse(found.row);
    // In the same state of the same attempt, what a summary leaves out is the same.
    if (known && isSameState(known, summary)) return { ...known, ...summary };
    return gathered.whole(user, reads, { id, signal });
  }

  return {
    async create(run) {
      const call = { name: "create_run", caller, args: toArgs(run) } as const;
      const created = await callRpc(client, call, createdSchema);
      known = created.run;
      return created;
    },
    async find(id, signal) {
      if (!z.guid().safeParse(id).success) return null;
      const run = await (signal ? findTogether(id, signal) : reads.one(id));
      known = run ?? known;
      return run;
    },
    findOfChat: (userId, chatId) => findOfChat(client, userId, chatId),
    list: (query) => listRuns(client, query),
    async cancel(id) {
      const args = { p_run_id: id };
      return (await callRpc(client, { name: "cancel_run", caller, args }, cancelledSchema)).run;
    },
  };
}

function newRunReads(client: UserClient) {
  return {
    async one(id: string, signal?: AbortSignal): Promise<Run | null> {
      const rows = client.from("agent_runs").select("*").eq("id", id);
      const { data, error, status } = await (signal
        ? rows.abortSignal(signal)
        : rows
      ).maybeSingle();
      if (error) throw toDatabaseError({ name: "agent_runs", caller }, error, status);
      return data === null ? null : runSchema.parse(data);
    },
    async many(ids: readonly string[], signal: AbortSignal): Promise<readonly SummaryRow[]> {
      const rows = client.from("agent_runs").select(SUMMARY_COLUMNS).in("id", ids);
      const { data, error, status } = await rows.abortSignal(signal);
      if (error) throw toDatabaseError({ name: "agent_runs", caller }, error, status);
      return z.array(z.looseObject({ id: z.string() })).parse(data);
    },
  };
}

async function findOfChat(client: UserClient, userId: string, chatId: string) {
  const { data, error, status } = await client
    .from("agent_runs")
    .select("*")
    .eq("created_by", userId)
    .eq("chat_id", chatId)
    .order("created_at", { ascending: false })
    .limit(1)
    .maybeSingle();
  if (error) throw toDatabaseError({ name: "agent_runs", caller }, error, status);
  return data === null ? null : runSchema.parse(data);
}

function isSameState(one: Run, other: RunSummary): boolean {
  return (
    one.id === other.id &&
    one.status === other.status &&
    one.phase === other.phase &&
    one.attempt === other.attempt
  );
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
    ...(run.chatId === undefined ? {} : { p_chat_id: run.chatId }),
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
