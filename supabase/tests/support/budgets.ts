/** Budgets as an operator sets them, the draws of a worker, and what the books then say. */
import { randomUUID } from "node:crypto";
import { newRunId } from "@cmo/shared/runtime";
import { type Database, service } from "../../../test/support/database.ts";
import { finalize, startWorker } from "./ledger.ts";
import type { Tenant } from "./tenant.ts";

export interface Caps {
  readonly run?: number;
  readonly day?: number;
  readonly month?: number;
}

export async function setBudget(db: Database, { tenantId }: Tenant, caps: Caps): Promise<void> {
  await db.query(
    `insert into private.tenant_limits
       (tenant_id, budget_run_micros, budget_day_micros, budget_month_micros, max_queued)
     values ($1, $2, $3, $4, 1000000)
     on conflict (tenant_id) do update set budget_run_micros = excluded.budget_run_micros,
       budget_day_micros = excluded.budget_day_micros,
       budget_month_micros = excluded.budget_month_micros`,
    [tenantId, caps.run ?? null, caps.day ?? null, caps.month ?? null],
  );
}

export interface Book {
  readonly period: "day" | "month";
  readonly spent: number;
  readonly reserved: number;
}

/** The books of a tenant in the periods of now, or of another moment: the day before the month. */
export function readBooks(db: Database, { tenantId }: Tenant, at = "now()"): Promise<Book[]> {
  return db.query<Book>(
    `select period, spent_micros::float8 as spent, reserved_micros::float8 as reserved
     from private.budgets where tenant_id = $1
       and starts_on = date_trunc(period, ${at} at time zone 'UTC')::date order by period`,
    [tenantId],
  );
}

/** A model of which a token costs a whole number, so that sums can be seen at a glance. */
const MODEL = "test/round-price";

/** 1 for a token of the prompt, 10 for one of the answer. */
export async function placePrice(db: Database): Promise<void> {
  await db.query(
    `insert into private.prices (model, input_micros, output_micros, source, checked_on)
     values ($1, 1000000, 10000000, 'test', current_date) on conflict do nothing`,
    [MODEL],
  );
}

/** A call that costs so much: `prompt` tokens of 1 and `answer` tokens of 10. */
export function callOf(prompt: number, answer: number) {
  const usage = {
    prompt_tokens: prompt,
    completion_tokens: answer,
    total_tokens: prompt + answer,
  };
  return { call: 1, purpose: "answer", model: MODEL, usage };
}

export interface Draw {
  readonly kind: "granted" | "refused" | "superseded";
  readonly tokens?: number | null;
  readonly budget?: string;
  readonly message?: string;
}

export function draw(
  db: Database,
  run: { readonly runId: string; readonly attempt?: number },
  ...calls: readonly object[]
): Promise<Draw> {
  const args = { p_run_id: run.runId, p_attempt: run.attempt ?? 1, p_calls: JSON.stringify(calls) };
  return db.call(service, "draw_budget", args);
}

/** Ends the run, for so much. */
export function complete(db: Database, runId: string, prompt: number, answer = 0) {
  return finalize(db, { runId }, { status: "completed", calls: [callOf(prompt, answer)] });
}

/** A run that a worker holds and that was accepted at another time, with its reserve in the books of then. */
export async function placeOldRun(
  db: Database,
  tenant: Tenant,
  { at, reserve }: { readonly at: string; readonly reserve: number },
): Promise<string> {
  const id = newRunId();
  await db.query(
    `insert into public.agent_runs (id, tenant_id, workspace_id, created_by, agent, mode, input, phase,
       attempt, worker_id, created_at, claimed_at, started_at, expires_at, reserved_micros)
     values ($1, $2, $3, $4, 'cmo-funnel-architect', 'funnels', '{}', 'active',
       1, $5, ${at}, now(), now(), now() + interval '1 hour', $6)`,
    [id, tenant.tenantId, tenant.workspaceId, randomUUID(), await startWorker(db), reserve],
  );
  await db.query(
    `insert into public.agent_run_attempts (run_id, attempt, workspace_id, worker_id)
     select id, attempt, workspace_id, worker_id from public.agent_runs where id = $1`,
    [id],
  );
  return id;
}

/** What the rows of the tenant add up to. */
export async function sumsOf(db: Database, { tenantId }: Tenant) {
  const [sums] = await db.query<{ runs: number; attempts: number; reserved: number }>(
    `select coalesce(sum(r.cost_micros), 0)::float8 as runs,
       coalesce(sum(r.reserved_micros), 0)::float8 as reserved,
       (select coalesce(sum(a.cost_micros), 0)::float8 from public.agent_run_attempts a
        join public.agent_runs o on o.id = a.run_id where o.tenant_id = $1) as attempts
     from public.agent_runs r where r.tenant_id = $1`,
    [tenantId],
  );
  if (!sums) throw new Error("The sums are missing.");
  return sums;
}
