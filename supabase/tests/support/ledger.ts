/** The run RPCs by name, as the one who may call them, with what they answer. */
import { randomUUID } from "node:crypto";
import type { Database as Schema } from "@cmo/shared/db";
import { newRunId } from "@cmo/shared/runtime";
import { type Caller, type Database, service } from "../../../test/support/database.ts";
import type { Tenant } from "./tenant.ts";

export type RunRow = Schema["public"]["Tables"]["agent_runs"]["Row"];

export interface Claim {
  readonly kind: string;
  readonly run: RunRow;
  readonly workspace: Record<string, unknown>;
}

export interface Applied {
  readonly applied: boolean;
  readonly run: RunRow;
}

export interface Sweep {
  readonly swept: boolean;
  readonly ended: readonly { id: string; attempt: number; status: string }[];
  readonly enqueue: readonly { id: string; attempt: number }[];
}

export function createRun(
  db: Database,
  caller: Caller,
  args: Readonly<Record<string, unknown>> = {},
): Promise<{ created: boolean; run: RunRow }> {
  return db.call(caller, "create_run", {
    p_id: newRunId(),
    p_mode: "funnels",
    p_input: {},
    ...args,
  });
}

export function beat(db: Database, workerId: string) {
  return db.call<{ lost: boolean; held: number; cancel: { id: string; attempt: number }[] }>(
    service,
    "heartbeat_worker",
    { p_worker_id: workerId },
  );
}

export async function startWorker(db: Database): Promise<string> {
  const workerId = randomUUID();
  await beat(db, workerId);
  return workerId;
}

/** A worker that has been alive long enough to take over from others. */
export async function startElder(db: Database): Promise<string> {
  const workerId = await startWorker(db);
  await db.query(
    "update public.workers set alive_since = now() - interval '1 hour' where id = $1",
    [workerId],
  );
  return workerId;
}

export async function lapse(db: Database, workerId: string): Promise<void> {
  await db.query(
    "update public.workers set lease_expires_at = now() - interval '1 second' where id = $1",
    [workerId],
  );
}

export async function isLost(db: Database, workerId: string): Promise<boolean> {
  const sql = "select from public.workers where id = $1 and lost_at is not null";
  return (await db.query(sql, [workerId])).length === 1;
}

export function claim(db: Database, runId: string, workerId: string): Promise<Claim> {
  return db.call(service, "claim_run", { p_run_id: runId, p_worker_id: workerId });
}

/** A run that a worker holds, in its first attempt. */
export async function startRun(
  db: Database,
  tenant: Tenant,
  args: Readonly<Record<string, unknown>> = {},
): Promise<{ runId: string; workerId: string }> {
  const { run } = await createRun(db, tenant.owner, args);
  const workerId = await startWorker(db);
  const { kind } = await claim(db, run.id, workerId);
  if (kind !== "claimed") throw new Error(`The run could not be claimed: ${kind}.`);
  return { runId: run.id, workerId };
}

export function finalize(
  db: Database,
  run: { runId: string; attempt?: number },
  result: Readonly<Record<string, unknown>> = { status: "completed" },
): Promise<Applied> {
  const args = { p_run_id: run.runId, p_attempt: run.attempt ?? 1, p_result: result };
  return db.call(service, "finalize_run", args);
}

export function release(
  db: Database,
  run: { runId: string; attempt?: number },
  how: Readonly<Record<string, unknown>>,
): Promise<Applied> {
  const args = { p_run_id: run.runId, p_attempt: run.attempt ?? 1, p_release: how };
  return db.call(service, "release_run", args);
}

export interface Reconciled {
  readonly ended: readonly { id: string; attempt: number }[];
  readonly released: readonly { id: string; attempt: number }[];
}

export function reconcile(
  db: Database,
  workerId: string,
  held: readonly { id: string; attempt?: number }[],
): Promise<Reconciled> {
  const args = { p_worker_id: workerId, p_held: JSON.stringify(held) };
  return db.call(service, "reconcile_worker", args);
}

export function cancel(db: Database, caller: Caller, runId: string): Promise<{ run: RunRow }> {
  return db.call(caller, "cancel_run", { p_run_id: runId });
}

/** Sweeps now, whoever swept a moment ago. */
export async function sweep(db: Database, workerId: string, queueLost = false): Promise<Sweep> {
  await db.query("update private.sweep_state set at = '-infinity'");
  return db.call(service, "sweep_runs", { p_worker_id: workerId, p_queue_lost: queueLost });
}

export type AttemptRow = Schema["public"]["Tables"]["agent_run_attempts"]["Row"];

export async function readAttempts(db: Database, runId: string): Promise<AttemptRow[]> {
  const rows = await db.query<{ attempt: AttemptRow }>(
    `select to_jsonb(a) as attempt from public.agent_run_attempts a
     where a.run_id = $1 order by a.attempt`,
    [runId],
  );
  return rows.map(({ attempt }) => attempt);
}

export async function readRun(db: Database, runId: string): Promise<RunRow> {
  const [row] = await db.query<{ run: RunRow }>(
    "select to_jsonb(r) as run from public.agent_runs r where r.id = $1",
    [runId],
  );
  if (!row) throw new Error(`There is no run ${runId}.`);
  return row.run;
}
