/** What a connection does at random, and what all of them together have done. */
import { DatabaseError } from "pg";
import type { Random } from "../../faults/random.ts";
import { type Claimed, type Connection, claimNext, createRun, finalize } from "../connection.ts";
import { type FairTenant, setShare } from "../tenants.ts";
import { startElder } from "./start-worker.ts";

export interface Acting {
  readonly connection: Connection;
  readonly tenants: readonly FairTenant[];
  /** Whether it also sweeps, loses workers and reconciles. */
  readonly sweeps: boolean;
  readonly random: Random;
}

export interface Tally {
  /** Runs with their attempts. */
  readonly claimed: ReadonlySet<string>;
  readonly acts: ReadonlyMap<string, number>;
  /** By SQLSTATE, without deadlocks. */
  readonly errors: ReadonlyMap<string, number>;
  readonly repeated: number;
  readonly deadlocks: number;
  claim(run: Pick<Claimed, "id" | "attempt">): void;
  act(name: string): void;
  fail(error: unknown): void;
}

const DEADLOCK = "40P01";

export function newTally(): Tally {
  const claimed = new Set<string>();
  const acts = new Map<string, number>();
  const errors = new Map<string, number>();
  let repeated = 0;
  let deadlocks = 0;
  const count = (map: Map<string, number>, name: string): void => {
    map.set(name, (map.get(name) ?? 0) + 1);
  };
  return {
    claimed,
    acts,
    errors,
    get repeated() {
      return repeated;
    },
    get deadlocks() {
      return deadlocks;
    },
    claim: ({ id, attempt }) => {
      const key = `${id} ${attempt}`;
      if (claimed.has(key)) repeated += 1;
      claimed.add(key);
    },
    act: (name) => count(acts, name),
    fail: (error) => {
      if (!(error instanceof DatabaseError)) throw error;
      if (error.code === DEADLOCK) deadlocks += 1;
      else count(errors, error.code ?? error.message);
    },
  };
}

/** A worker that works on nothing: it holds runs, and one of its acts ends or releases each. */
interface Worker {
  id: string;
  held: Claimed[];
  /** Queued runs that it has created, for cancels. */
  created: { readonly tenant: FairTenant; readonly id: string }[];
}

type Act = (acting: Acting, worker: Worker, tally: Tally) => Promise<void>;

export async function actUntil(acting: Acting, tally: Tally, isOver: () => boolean): Promise<void> {
  const worker: Worker = { id: await startElder(acting.connection), held: [], created: [] };
  while (!isOver()) {
    const [name, act] = choose(acting, worker);
    try {
      await act(acting, worker, tally);
      tally.act(name);
    } catch (error) {
      tally.fail(error);
    }
  }
}

const MOST_HELD = 6;

function choose({ random, sweeps }: Acting, { held }: Worker): readonly [string, Act] {
  const choices: (readonly [number, string, Act])[] = [
    [held.length < MOST_HELD ? 40 : 0, "claim", claim],
    [held.length * 5, "finalize", end],
    [held.length * 2, "release", release],
    [14, "create", create],
    [2, "cancel a queued run", cancelQueued],
    [held.length > 0 ? 1 : 0, "cancel an active run", cancelActive],
    [1, "change of a limit", changeLimit],
    [sweeps ? 1 : 0, "sweep", sweep],
    [sweeps ? 0.3 : 0, "loss of a worker", loseWorker],
    [sweeps ? 0.5 : 0, "reconciliation", reconcile],
  ];
  let left = random.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, name, act] of choices) {
    left -= weight;
    if (left < 0) return [name, act];
  }
  return ["create", create];
}

const claim: Act = async ({ connection }, worker, tally) => {
  const answer = await claimNext(connection, worker.id);
  if (answer.kind === "claimed") {
    tally.claim(answer.run);
    worker.held.push(answer.run);
  } else if (answer.kind === "worker_lost") {
    await revive(connection, worker);
  }
};

/** A lost worker begins again under another id, and finalizes nothing. */
async function revive(connection: Connection, worker: Worker): Promise<void> {
  worker.id = await startElder(connection);
  worker.held = [];
}

function takeHeld({ random }: Acting, worker: Worker): Claimed {
  const run = random.pick(worker.held);
  worker.held = worker.held.filter((held) => held !== run);
  return run;
}

const end: Act = async (acting, worker) => {
  await finalize(acting.connection, takeHeld(acting, worker));
};

const RELEASES = [
  { kind: "drain", delay_ms: 0 },
  { kind: "rate_limited", delay_ms: 50 },
  { kind: "rate_limited", delay_ms: 200 },
  { kind: "failed", delay_ms: 0, code: "gateway_error", message: "It failed." },
];

const release: Act = async (acting, worker) => {
  const { id, attempt } = takeHeld(acting, worker);
  const args = { p_run_id: id, p_attempt: attempt, p_release: acting.random.pick(RELEASES) };
  await acting.connection.asWorker("release_run", args);
};

const create: Act = async ({ connection, random, tenants }, worker) => {
  const tenant = random.pick(tenants);
  const id = await createRun(connection, tenant, {});
  worker.created = [...worker.created.slice(-20), { tenant, id }];
};

const cancelQueued: Act = async ({ connection, random }, worker) => {
  if (worker.created.length === 0) return;
  const { tenant, id } = random.pick(worker.created);
  await connection.asUser(tenant.ownerId, "cancel_run", { p_run_id: id });
};

const cancelActive: Act = async ({ connection, random, tenants }, worker) => {
  const run = random.pick(worker.held);
  const owner = tenants.find(({ tenantId }) => tenantId === run.tenant_id);
  if (owner) await connection.asUser(owner.ownerId, "cancel_run", { p_run_id: run.id });
};

const changeLimit: Act = async ({ connection, random, tenants }) => {
  const share = { weight: random.pick([0.5, 1, 2, 4]), maxRunning: random.int(1, 5) };
  await setShare(connection, random.pick(tenants), share);
};

const sweep: Act = async ({ connection }, worker) => {
  await connection.query("update private.sweep_state set at = '-infinity'");
  await connection.asWorker("sweep_runs", { p_worker_id: worker.id });
};

/** The sweep of another worker finds it. */
const loseWorker: Act = async ({ connection }, worker) => {
  const late =
    "update public.workers set lease_expires_at = now() - interval '1 second' where id = $1";
  await connection.query(late, [worker.id]);
  await revive(connection, worker);
};

/** As after a lost reply: the worker does not know of a run that it holds. */
const reconcile: Act = async (acting, worker) => {
  if (worker.held.length === 0) return;
  takeHeld(acting, worker);
  const held = worker.held.map(({ id, attempt }) => ({ id, attempt }));
  const args = { p_worker_id: worker.id, p_held: JSON.stringify(held) };
  await acting.connection.asWorker("reconcile_worker", args);
};
