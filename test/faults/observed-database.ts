/**
 * The database as the harness sees it: as the superuser, without a proxy, and with a trigger that
 * records every change of a run's state in the transaction that makes it.
 */
import { setTimeout as delay } from "node:timers/promises";
import { usageSchema } from "@cmo/shared/contract";
import { Pool } from "pg";
import { z } from "zod";
import { placeMember, placeTenant, placeUser } from "../support/tenancy.ts";
import { signToken } from "../support/token.ts";
import type { AttemptStored, ObservedRow, StoredSeen, Transition } from "./history.ts";

/** A new tenant, so that scenarios share no quota. */
export interface Tenant {
  readonly tenantId: string;
  readonly workspaceId: string;
  /** The token of the workspace's owner. */
  readonly token: string;
}

export interface ObservedDatabase {
  createTenant(): Promise<Tenant>;
  readRows(runIds: readonly string[]): Promise<ReadonlyMap<string, ObservedRow>>;
  /** All runs in the database. */
  readStored(): Promise<StoredRun[]>;
  readAttempts(runIds: readonly string[]): Promise<StoredAttempt[]>;
  readTransitions(runIds: readonly string[]): Promise<Transition[]>;
  /** For statements that only one scenario needs. */
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

type StoredRun = Omit<StoredSeen, "kind" | "at">;
type StoredAttempt = Omit<AttemptStored, "kind" | "at">;

const WATCH_TRANSITIONS = `
create schema faults;
create table faults.transitions (
  run_id uuid not null, at timestamptz not null default clock_timestamp(),
  from_status text, from_phase text, from_attempt integer,
  to_status text, to_phase text, to_attempt integer
);
create function faults.note_transition() returns trigger language plpgsql security definer as $$
begin
  insert into faults.transitions values (new.id, clock_timestamp(),
    old.status, old.phase, old.attempt, new.status, new.phase, new.attempt);
  return null;
end $$;
create trigger note_transition after update on public.agent_runs for each row
  when ((old.status, old.phase, old.attempt) is distinct from (new.status, new.phase, new.attempt))
  execute function faults.note_transition();
`;

const milliseconds = z.coerce.number();
const rowSchema = z.object({
  id: z.string(),
  status: z.string(),
  phase: z.string(),
  attempt: z.int(),
  app_retries: z.int(),
  infra_retries: z.int(),
  output_text: z.string().nullable(),
  truncated: z.boolean(),
  error_code: z.string().nullable(),
  usage: usageSchema.nullable(),
  cancel_ms: milliseconds.nullable(),
  completed_ms: milliseconds.nullable(),
});
const storedSchema = z.object({
  runId: z.string(),
  userId: z.string(),
  tenantId: z.string(),
  key: z.string().nullable(),
  status: z.string(),
});
const attemptSchema = z.object({
  runId: z.string(),
  attempt: z.int(),
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
  calls: z.array(z.object({ purpose: z.string() })),
  usage: usageSchema.nullable(),
});
const transitionSchema = z.object({
  run_id: z.string(),
  at_ms: milliseconds,
  from_status: z.string(),
  from_phase: z.string(),
  from_attempt: z.int(),
  to_status: z.string(),
  to_phase: z.string(),
  to_attempt: z.int(),
});

/** Postgres may be down because of a scenario. */
const TRIES = 100;
const RETRY_MS = 200;

export async function observeDatabase(url: string, jwtSecret: string): Promise<ObservedDatabase> {
  const pool = new Pool({ connectionString: url, max: 2 });
  pool.on("error", () => {
    // An idle connection that Postgres closed; the next query opens another.
  });

  async function query(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Record<string, unknown>[]> {
    for (let left = TRIES; ; left -= 1) {
      try {
        return (await pool.query<Record<string, unknown>>(sql, [...values])).rows;
      } catch (error) {
        if (left === 0 || !isOutage(error)) throw error;
        await delay(RETRY_MS);
      }
    }
  }

  await query(WATCH_TRANSITIONS);
  return {
    query,
    createTenant: () => createTenant(query, jwtSecret),
    readRows: async (runIds) => {
      const rows = await query(READ_ROWS, [runIds]);
      return new Map(rows.map((row) => toRow(rowSchema.parse(row))));
    },
    readStored: async () => z.array(storedSchema).parse(await query(READ_STORED)),
    readAttempts: async (runIds) =>
      z.array(attemptSchema).parse(await query(READ_ATTEMPTS, [runIds])),
    readTransitions: async (runIds) => {
      const rows = await query(READ_TRANSITIONS, [runIds]);
      return rows.map((row) => toTransition(transitionSchema.parse(row)));
    },
    close: () => pool.end(),
  };
}

const READ_ROWS = `
select id, status, phase, attempt, app_retries, infra_retries, output_text, truncated, error_code, usage,
  extract(epoch from cancel_requested_at) * 1000 as cancel_ms,
  extract(epoch from completed_at) * 1000 as completed_ms
from public.agent_runs where id = any ($1)`;

const READ_STORED = `
select r.id as "runId", r.created_by as "userId", r.tenant_id as "tenantId", k.key, r.status
from public.agent_runs r left join private.idempotency_keys k on k.target_id = r.id and k.kind = 'run'`;

const READ_ATTEMPTS = `
select run_id as "runId", attempt, outcome, reason, calls, usage from public.agent_run_attempts
where run_id = any ($1) order by run_id, attempt`;

const READ_TRANSITIONS = `
select *, extract(epoch from at) * 1000 as at_ms from faults.transitions
where run_id = any ($1) order by at`;

function toRow(row: z.infer<typeof rowSchema>): [string, ObservedRow] {
  const { id, status, phase, attempt, output_text, truncated, error_code, usage } = row;
  const observed = {
    status,
    phase,
    attempt,
    appRetries: row.app_retries,
    infraRetries: row.infra_retries,
    outputText: output_text,
    truncated,
    errorCode: error_code,
    usage,
    cancelRequestedAt: row.cancel_ms,
    completedAt: row.completed_ms,
  };
  return [id, observed];
}

function toTransition(row: z.infer<typeof transitionSchema>): Transition {
  return {
    kind: "transition",
    at: row.at_ms,
    runId: row.run_id,
    from: { status: row.from_status, phase: row.from_phase, attempt: row.from_attempt },
    to: { status: row.to_status, phase: row.to_phase, attempt: row.to_attempt },
  };
}

async function createTenant(query: ObservedDatabase["query"], jwtSecret: string): Promise<Tenant> {
  const ownerId = await placeUser(query);
  const placed = await placeTenant(query, { ownerId, isDefault: true });
  const { workspaceId } = placed;
  await placeMember(query, workspaceId, { userId: ownerId, role: "owner" });
  // Without a brand, a run fails before it calls the gateway.
  await query(
    "insert into public.cmo_brand_profiles (workspace_id, created_by, brand_name) values ($1, $2, 'Fault Tests')",
    [workspaceId, ownerId],
  );
  // Valid long before and after now, so that an API with a wrong clock accepts it too.
  const now = Math.floor(Date.now() / 1000);
  const lifetime = { iat: now - 2 * 3600, exp: now + 4 * 3600 };
  return { ...placed, token: await signToken(jwtSecret, { sub: ownerId, ...lifetime }) };
}

/** No connection, one that Postgres closed, or no room. Any other error is a bug of the harness. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return /^(08|53|57P|ECONN|EPIPE)/.test(code) || /Connection terminated/.test(error.message);
}
