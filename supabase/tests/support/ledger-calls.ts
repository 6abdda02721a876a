/** The model's calls and faults, made of the real ledger; and what its rows then say. */
import { type Client, DatabaseError } from "pg";
import type { Call, Ended, ModelRun, ModelWorker, Reply, World } from "./ledger-model.ts";

/** Names in the model are ids in the database, and the other way round: `run-3` is number 3. */
const PREFIX = { run: "00000000-0000-7000-8000-", worker: "11111111-1111-4111-8111-" };

function idOf(name: string): string {
  const [kind, number = "0"] = name.split("-");
  return `${kind === "run" ? PREFIX.run : PREFIX.worker}${number.padStart(12, "0")}`;
}

function nameOf(id: string): string {
  const kind = id.startsWith(PREFIX.run) ? "run" : "worker";
  return `${kind}-${Number(id.slice(-12))}`;
}

const namesOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => nameOf(id)).sort();

export async function perform(client: Client, call: Call): Promise<Reply> {
  switch (call.call) {
    case "create":
    case "cancel":
      return askAsUser(client, call.call, idOf(call.run));
    case "timeUp":
    case "ageClaim":
    case "lapse":
    case "age":
      await client.query(FAULTS[call.call], [idOf("run" in call ? call.run : call.worker)]);
      return null;
    case "claim":
      return ask(client, "public.claim_run($1, $2) ->> 'kind'", [
        idOf(call.run),
        idOf(call.worker),
      ]);
    case "finalize": {
      const result = { status: call.as };
      const args = [idOf(call.run), call.attempt, result];
      return ask(client, "public.finalize_run($1, $2, $3) -> 'applied'", args);
    }
    case "release": {
      const release = { kind: call.as, code: "gateway_error", message: "It broke.", delay_ms: 0 };
      const args = [idOf(call.run), call.attempt, release];
      return ask(client, "public.release_run($1, $2, $3) -> 'applied'", args);
    }
    default:
      return askAsWorker(client, call);
  }
}

const FAULTS = {
  timeUp: `update public.agent_runs set expires_at = '-infinity',
    deadline_at = case when started_at is not null then '-infinity'::timestamptz end
    where id = $1 and status = 'running'`,
  ageClaim: `update public.agent_runs set claimed_at = '-infinity' where id = $1 and phase = 'active'`,
  lapse: "update public.workers set lease_expires_at = '-infinity' where id = $1",
  age: "update public.workers set alive_since = '-infinity' where id = $1",
} as const;

async function askAsUser(client: Client, call: "create" | "cancel", id: string): Promise<Reply> {
  if (call === "create") {
    return ask(client, "public.create_run($1, 'strategy', '{}') -> 'created'", [id]);
  }
  try {
    return await ask(client, "public.cancel_run($1) -> 'run' ->> 'status'", [id]);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === "PT404") return "missing";
    throw error;
  }
}

async function askAsWorker(
  client: Client,
  call: Extract<Call, { call: "beat" | "sweep" | "reconcile" }>,
): Promise<Reply> {
  const worker = idOf(call.worker);
  if (call.call === "beat") {
    const reply = await ask<BeatReply>(client, "public.heartbeat_worker($1)", [worker]);
    return { ...reply, cancel: namesOf(reply.cancel) };
  }
  if (call.call === "sweep") {
    const args = [worker, call.queueLost];
    const reply = await ask<SweepReply>(client, "public.sweep_runs($1, $2)", args);
    return { ...reply, ended: namesOf(reply.ended), enqueue: namesOf(reply.enqueue) };
  }
  const held = call.held.map(({ run, attempt }) => ({ id: idOf(run), attempt }));
  const args = [worker, JSON.stringify(held)];
  const reply = await ask<ReconcileReply>(client, "public.reconcile_worker($1, $2)", args);
  return { ended: namesOf(reply.ended), released: namesOf(reply.released) };
}

interface BeatReply {
  readonly lost: boolean;
  readonly held: number;
  readonly cancel: readonly { id: string }[];
}

interface SweepReply {
  readonly swept: boolean;
  readonly ended: readonly { id: string }[];
  readonly enqueue: readonly { id: string }[];
}

interface ReconcileReply {
  readonly ended: readonly { id: string }[];
  readonly released: readonly { id: string }[];
}

async function ask<Answer = string | boolean>(
  client: Client,
  expression: string,
  values: readonly unknown[],
): Promise<Answer> {
  const { rows } = await client.query<{ answer: Answer }>(`select ${expression} as answer`, [
    ...values,
  ]);
  const [row] = rows;
  if (!row) throw new Error(`${expression} answered nothing.`);
  return row.answer;
}

interface RunState extends Omit<ModelRun, "worker" | "outcomes"> {
  readonly id: string;
  readonly worker: string | null;
  readonly outcomes: (Ended | "released" | "lost" | null)[];
}

/** What stands in the tables, in the model's words. */
export async function readWorld(client: Client): Promise<World> {
  const { rows: runs } = await client.query<RunState>(READ_RUNS);
  const { rows: workers } = await client.query<ModelWorker & { id: string }>(READ_WORKERS);
  return {
    runs: Object.fromEntries(
      runs.map(({ id, worker, ...run }) => [
        nameOf(id),
        { ...run, worker: worker === null ? null : nameOf(worker) },
      ]),
    ),
    workers: Object.fromEntries(workers.map(({ id, ...worker }) => [nameOf(id), worker])),
  };
}

const READ_RUNS = `
  select r.id, r.status, r.phase, r.attempt, r.app_retries as "appRetries",
    r.infra_retries as "infraRetries", r.cancel_requested_at is not null as "cancelRequested",
    r.worker_id as worker, r.release_reason as reason, r.error_code as code,
    coalesce(r.enqueue_after <= now(), false) as due, r.expires_at = '-infinity' as "timeUp",
    coalesce(r.claimed_at = '-infinity', false) as "claimOld",
    exists (select from public.agent_run_attempts l
      where l.run_id = r.id and l.reason = 'reply_lost') as "replyLost",
    array(select a.outcome from public.agent_run_attempts a
          where a.run_id = r.id order by a.attempt) as outcomes
  from public.agent_runs r order by r.id`;

const READ_WORKERS = `
  select w.id, w.lease_expires_at <= now() as lapsed, w.alive_since = '-infinity' as old,
    w.lost_at is not null as lost
  from public.workers w order by w.id`;
