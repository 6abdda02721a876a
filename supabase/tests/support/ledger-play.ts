/**
 * Plays sequences on the real ledger, from two connections at once, and holds every step to the
 * model: what the tables show must be what the calls do in some order.
 */
import type { Client } from "pg";
import { perform, readWorld } from "./ledger-calls.ts";
import type { Call, Reply, World } from "./ledger-model.ts";
import { type Turn, toStep } from "./ledger-moves.ts";
import { isExplained, possibilities, type Step } from "./ledger-orders.ts";
import { createOwnDatabase } from "./own-database.ts";

export interface LedgerPlay {
  /** A sequence from an empty ledger to the end of every run. */
  play(turns: readonly Turn[]): Promise<Played>;
  close(): Promise<void>;
}

/** All that ever moved, from the trigger's record, in order. */
export interface Played {
  readonly world: World;
  readonly moves: readonly { run: string; to: string; attempt: number }[];
}

interface Stage {
  readonly left: Client;
  readonly right: Client;
  readonly rightId: number;
  readonly observer: Client;
}

/** Nothing happens by itself: what time would do, the faults do. */
const STAND_STILL = `
  update private.run_policy set lease = '1 hour', sweep_every = '0', first_enqueue_after = '1 hour',
    enqueue_backoff = '1 hour', enqueue_backoff_max = '1 hour', wait_limit = '1 day',
    work_limit = '1 day', reconcile_after = '1 hour';
  update private.tenant_limits set max_queued = 1000000, runs_per_minute = 1000000,
    runs_per_hour = 1000000, runs_per_day = 1000000, user_runs_per_minute = 1000000,
    user_runs_per_hour = 1000000, user_runs_per_day = 1000000;`;

const TENANT = "22222222-2222-4222-8222-222222222222";
const SET_THE_STAGE = `
  insert into public.tenants (id, name, slug) values ('${TENANT}', 'Test tenant', 'test');
  insert into public.workspaces (tenant_id, name, slug, owner_id)
    values ('${TENANT}', 'Test workspace', 'test', '${TENANT}');
  create schema audit;
  create table audit.moves (
    n bigint generated always as identity, run text, "to" text, attempt integer);
  create function audit.note() returns trigger language plpgsql as $$
  begin
    insert into audit.moves (run, "to", attempt)
    values (new.id::text, private.run_state(new), new.attempt);
    return null;
  end $$;
  create trigger note after update on public.agent_runs for each row
    when (private.run_state(old) <> private.run_state(new) or old.attempt <> new.attempt)
    execute function audit.note();`;

const CLEAR =
  "delete from public.agent_runs; delete from public.workers; truncate audit.moves restart identity;";

export async function createLedgerPlay(): Promise<LedgerPlay> {
  const database = await createOwnDatabase();
  const [left, right, observer] = [
    await database.connect(),
    await database.connect(),
    await database.connect(),
  ];
  await observer.query(STAND_STILL + SET_THE_STAGE);
  for (const client of [left, right]) {
    await client.query(`set request.jwt.claim.sub = '${TENANT}'; set statement_timeout = '10s'`);
  }
  const { rows } = await right.query<{ id: number }>("select pg_backend_pid() as id");
  const stage = { left, right, rightId: rows[0]?.id ?? 0, observer };

  return {
    play: async (turns) => {
      // A sequence that failed may have left a transaction open.
      for (const client of [left, right]) await client.query("rollback");
      await observer.query(CLEAR);
      const world = await finish(stage, await playTurns(stage, turns));
      const { rows: moves } = await observer.query<Played["moves"][number]>(
        'select run, "to", attempt from audit.moves order by n',
      );
      return { world, moves };
    },
    close: () => database.close(),
  };
}

const WORKERS = ["worker-0", "worker-1", "worker-2"];

async function playTurns(stage: Stage, turns: readonly Turn[]): Promise<World> {
  const killed = new Set<string>();
  let world = await playAll(stage, { runs: {}, workers: {} }, [
    { call: "create", run: "run-0" },
    { call: "create", run: "run-1" },
    ...WORKERS.map((worker) => ({ call: "beat", worker }) as const),
    { call: "age", worker: "worker-0" },
  ]);
  for (const turn of turns) {
    if ("kill" in turn) {
      killed.add(turn.kill);
      continue;
    }
    const step = toStep(turn, world, killed);
    if (step) world = await playStep(stage, { world, step, isHeld: turn.isHeld });
  }
  return world;
}

/** More sweeps than this may never be needed: one that finds the loss, and three lost retries. */
const MOST_SWEEPS = 4;

/** Every worker is lost, and whoever claims from here on is lost too: all the same, runs end. */
async function finish(stage: Stage, played: World): Promise<World> {
  const elder = "worker-9";
  let world = await playAll(stage, played, [
    ...WORKERS.map((worker) => ({ call: "lapse", worker }) as const),
    { call: "beat", worker: elder },
    { call: "age", worker: elder },
  ]);
  for (let sweep = 1; sweep <= MOST_SWEEPS; sweep += 1) {
    world = await playAll(stage, world, [{ call: "sweep", worker: elder, queueLost: true }]);
    const queued = Object.entries(world.runs).filter(([, { status }]) => status === "running");
    if (queued.length === 0) return world;
    const worker = `worker-${10 + sweep}`;
    world = await playAll(stage, world, [
      { call: "beat", worker },
      ...queued.map(([run]) => ({ call: "claim", run, worker }) as const),
      { call: "lapse", worker },
    ]);
  }
  throw new Error(`After ${MOST_SWEEPS} sweeps some run has not ended: ${JSON.stringify(world)}`);
}

async function playAll(stage: Stage, before: World, calls: readonly Call[]): Promise<World> {
  let world = before;
  for (const first of calls) {
    world = await playStep(stage, { world, step: { first, others: [] }, isHeld: false });
  }
  return world;
}

interface Staged {
  readonly world: World;
  readonly step: Step;
  readonly isHeld: boolean;
}

async function playStep(stage: Stage, staged: Staged): Promise<World> {
  const { step } = staged;
  const replies = staged.isHeld
    ? await meetHeld(stage, step)
    : (
        await Promise.all([perform(stage.left, step.first), performAll(stage.right, step.others)])
      ).flat();
  const world = await readWorld(stage.observer);
  if (isExplained(staged.world, step, { world, replies })) return world;
  const [expected] = possibilities(staged.world, step);
  throw new Error(
    [
      "The ledger did what no order of these calls does.",
      `calls    ${JSON.stringify(staged)}`,
      `seen     ${JSON.stringify({ world, replies })}`,
      `possible ${JSON.stringify(expected)}`,
    ].join("\n"),
  );
}

/** The first call's transaction stays open until the others are done, or wait for it. */
async function meetHeld({ left, right, rightId, observer }: Stage, step: Step): Promise<Reply[]> {
  await left.query("begin");
  const first = await perform(left, step.first);
  let isDone = false;
  const others = performAll(right, step.others).finally(() => {
    isDone = true;
  });
  // Awaited below; a failure meanwhile must not count as unhandled.
  others.catch(() => undefined);
  while (!isDone) {
    const { rows } = await observer.query<{ waits: boolean }>(
      "select cardinality(pg_blocking_pids($1)) > 0 as waits",
      [rightId],
    );
    if (rows[0]?.waits) break;
  }
  await left.query("commit");
  return [first, ...(await others)];
}

async function performAll(client: Client, calls: readonly Call[]): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (const call of calls) replies.push(await perform(client, call));
  return replies;
}
