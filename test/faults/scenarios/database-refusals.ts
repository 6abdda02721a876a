/** A database that refuses for a while, loses replies, holds locks, or is a version ahead. */
import { setTimeout as delay } from "node:timers/promises";
import { Client as Connection } from "pg";
import { eventually } from "../../support/eventually.ts";
import type { AppProcess } from "../app-process.ts";
import type { Arena } from "../arena.ts";
import type { Scenario, Stage } from "../scenario.ts";
import {
  expect,
  type FollowedRun,
  holderOf,
  kill,
  startRun,
  startRuns,
  untilEnded,
  untilSeen,
} from "../steps.ts";

async function connectTo({ stack }: Arena): Promise<Connection> {
  const connection = new Connection({ connectionString: stack.databaseUrl ?? "" });
  connection.on("error", () => {
    // A scenario terminates it, or Postgres does.
  });
  await connection.connect();
  return connection;
}

async function expectFirstAttempt(arena: Arena, runs: readonly FollowedRun[]): Promise<void> {
  for (const { runId } of runs) {
    const { status, attempt, errorCode } = await untilEnded(arena, runId);
    expect(
      status === "completed" && attempt === 1,
      `a run completes in attempt 1, not ${status} ${errorCode ?? ""} in ${attempt}`,
    );
    const { length } = await arena.gateway.callsOf(runId);
    expect(length === 1, `the gateway is called once, not ${length} times`);
  }
}

async function pidOf(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid ?? 0;
}

const SWEEPERS = 6;
const HELD_MS = 1_500;

/**
 * Six sweeps at once, in the name of living workers, while the workers' own are held back. The one
 * whose turn it is takes the runs of the dead worker, and dies before it commits.
 */
async function killSweeper({ arena, client, leaseMs, report }: Stage): Promise<void> {
  const runs = await startRuns(client, 4);
  for (const run of runs) await untilSeen(run, 20);
  const [first] = runs;
  if (!first) return;
  const worker = await holderOf(arena, first.runId);
  const lost = runs.filter(({ runId }) => arena.holders.of(runId) === worker.name);
  const order = { request: /rpc\/sweep_runs/, part: "request" } as const;
  const held = arena.workers.map(({ supabase }) => supabase.hold(order));
  await kill(arena, worker);
  await delay(1.25 * leaseMs);
  const { swept, took } = await sweepWithoutCommit(arena);
  for (const hold of held) hold.release();
  report(`${swept} of ${SWEEPERS} sweeps had their turn, and took ${took} runs without a commit`);
  expect(took >= lost.length, `a sweep takes the ${lost.length} runs of the dead worker`);
  for (const { runId } of runs) {
    const row = await untilEnded(arena, runId);
    const attempts = lost.some((one) => one.runId === runId) ? 2 : 1;
    expect(
      row.status === "completed" && row.attempt === attempts && row.infraRetries === attempts - 1,
      `a lost run is taken once, not ${row.infraRetries} times in ${row.attempt} attempts`,
    );
  }
}

/** How many sweeps had their turn, and how many runs they took from the dead worker. */
async function sweepWithoutCommit(arena: Arena): Promise<{ swept: number; took: number }> {
  const connections = await Promise.all(Array.from({ length: SWEEPERS }, () => connectTo(arena)));
  const pids = await Promise.all(connections.map(pidOf));
  const sweeps = Promise.allSettled(connections.map(sweepUncommitted));
  const terminate = (which: readonly number[]) =>
    arena.database.query("select pg_terminate_backend(unnest($1::int[]))", [which]);
  await delay(HELD_MS);
  // The next of those that are left gets the turn, and ends without a commit too.
  await terminate(pids.slice(0, SWEEPERS / 2));
  await delay(HELD_MS);
  await terminate(pids);
  const taken = (await sweeps).flatMap((one) => (one.status === "fulfilled" ? one.value : []));
  return { swept: taken.length, took: Math.max(0, ...taken) };
}

/** How many runs the sweep took; empty if it was not its turn. */
async function sweepUncommitted(connection: Connection): Promise<number[]> {
  await connection.query("begin");
  const { rows } = await connection.query<{ swept: boolean }>(
    `select (public.sweep_runs(w.id) ->> 'swept')::boolean as swept from (select id
       from public.workers where lost_at is null and lease_expires_at > now() limit 1) w`,
  );
  if (rows[0]?.swept !== true) return [];
  const taken = await connection.query<{ took: number }>(
    "select count(*)::int as took from public.agent_run_attempts where reason = 'worker_lost'",
  );
  return taken.rows.map(({ took }) => took);
}

async function loseReplies({ arena, client }: Stage): Promise<void> {
  const order = { request: /rpc\/finalize_run/, part: "reply" } as const;
  const holds = arena.workers.map(({ supabase }) => supabase.hold(order));
  const run = await startRun(client);
  await Promise.race(holds.map((hold) => hold.caught()));
  const { status } = await untilEnded(arena, run.runId);
  expect(status === "completed", `the ledger has committed the end, not ${status}`);
  await arena.fault("the reply of finalize_run is lost", () => {
    for (const hold of holds) hold.drop();
  });
  expect((await run.reader.done) === "ending", "readers receive the end");
  await expectFirstAttempt(arena, [run]);
}

const STATEMENT_TIMEOUT_MS = 1_500;
const LOCKED_MS = 4 * STATEMENT_TIMEOUT_MS;

/** The times of a hosted project, divided: there a statement is cancelled after eight seconds. */
async function limitStatements({ database, stack }: Arena): Promise<void> {
  const name = new URL(stack.databaseUrl ?? "").pathname.slice(1);
  await database.query(`alter database "${name}" set statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
}

async function lockRow({ arena, client, report }: Stage): Promise<void> {
  await limitStatements(arena);
  await eventually(
    () => client.submit(),
    ({ runId }) => runId !== null,
  );
  const runs = await startRuns(client, 4);
  for (const run of runs) await untilSeen(run, 20);
  const [locked, ...others] = runs;
  if (!locked) return;
  const connection = await connectTo(arena);
  await connection.query("begin");
  await connection.query("select from public.agent_runs where id = $1 for update", [locked.runId]);
  await arena.fault("the row of a run is locked", async () => {
    await expectFirstAttempt(arena, others);
    await delay(LOCKED_MS);
    await connection.end();
  });
  await expectFirstAttempt(arena, runs);
  report(`a row was locked for ${LOCKED_MS} ms, statements end after ${STATEMENT_TIMEOUT_MS} ms`);
}

function refusal(status: string, code: string, message: string): string {
  const body = JSON.stringify({ code, message, details: null, hint: null });
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\nconnection: close`;
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const NO_FUNCTION = refusal(
  "404 Not Found",
  "PGRST202",
  "Could not find the function in the schema cache",
);
const FUTURE_TOKEN = refusal("401 Unauthorized", "PGRST303", "JWT issued at future");

/** Refuses what matches, at these processes, until the returned function is called. */
function refuse(
  processes: readonly AppProcess[],
  request: RegExp,
  reply: string,
): { stop: () => void; count: () => number } {
  let count = 0;
  const applies = () => {
    count += 1;
    return true;
  };
  const stops = processes.map(({ supabase }) => supabase.answer({ request, reply, applies }));
  const stop = () => {
    for (const one of stops) one();
  };
  return { stop, count: () => count };
}

const REFUSALS = [
  { reply: NO_FUNCTION, what: "PGRST202", ms: 6_000 },
  { reply: FUTURE_TOKEN, what: "PGRST303", ms: 2_500 },
];

async function refuseForAWhile(stage: Stage): Promise<void> {
  const { arena, client } = stage;
  for (const { reply, what, ms } of REFUSALS) {
    const runs = await startRuns(client, 2);
    const ends = refuse(arena.workers, /rpc\/finalize_run/, reply);
    await eventually(ends.count, (count) => count > 0, 30_000);
    await arena.fault(`finalize_run is answered ${what}`, async () => {
      await delay(ms);
      ends.stop();
    });
    await expectFirstAttempt(arena, runs);
    await refuseSubmits(stage, reply, what);
  }
  await startDuringRefusals(stage);
}

async function refuseSubmits({ arena, client }: Stage, reply: string, what: string): Promise<void> {
  const submits = refuse(arena.apis, /rpc\/create_run/, reply);
  const { status, retryAfter } = await client.submit();
  submits.stop();
  expect(status === 503, `a submit that ${what} refuses is answered 503, not ${status}`);
  expect((retryAfter ?? 0) > 0, "the response has a Retry-After");
}

/** A worker that starts while the schema cache is being reloaded waits for it. */
async function startDuringRefusals({ arena, client }: Stage): Promise<void> {
  const [worker] = arena.workers;
  if (!worker) return;
  await kill(arena, worker);
  const all = refuse([worker], /rpc\//, NO_FUNCTION);
  const started = worker.start();
  await eventually(
    () => worker.pid,
    (pid) => pid !== null,
  );
  const { pid } = worker;
  await eventually(all.count, (count) => count >= 2, 20_000);
  expect(worker.pid === pid, "it waits, and does not exit");
  all.stop();
  await started;
  await expectFirstAttempt(arena, await startRuns(client, 2));
}

/** A migration that only adds, as it is applied before the processes are replaced. */
const NEXT_VERSION = `
alter table public.agent_runs add column next_version jsonb not null default '{"added": true}';
alter table public.agent_run_attempts add column next_version text;
alter table public.workers add column next_version text;
alter table public.workspaces add column next_version text;
alter table public.cmo_brand_profiles add column next_version text;
alter function public.heartbeat_worker(uuid) rename to heartbeat_worker_before;
create function public.heartbeat_worker(p_worker_id uuid, p_next text default null) returns jsonb
  language sql security definer set search_path = ''
  as $$ select public.heartbeat_worker_before(p_worker_id) || '{"next_version": true}' $$;
grant execute on function public.heartbeat_worker(uuid, text) to service_role;
alter function public.claim_next(uuid, text, uuid[]) rename to claim_next_before;
create function public.claim_next(
  p_worker_id uuid, p_lane text default null, p_tenants uuid[] default null, p_next text default null
) returns jsonb
  language sql security definer set search_path = ''
  as $$ select public.claim_next_before(p_worker_id, p_lane, p_tenants) || '{"next_version": true}' $$;
grant execute on function public.claim_next(uuid, text, uuid[], text) to service_role;
notify pgrst, 'reload schema';
`;

async function migrateUnderLoad({ arena, client }: Stage): Promise<void> {
  const before = await startRuns(client, 4);
  for (const run of before) await untilSeen(run, 20);
  await arena.fault("the database is migrated", () => arena.database.query(NEXT_VERSION));
  const after = await startRuns(client, 4);
  await expectFirstAttempt(arena, [...before, ...after]);
}

export const DATABASE_REFUSAL_FAULTS: readonly Scenario[] = [
  {
    id: "F14",
    title: "workers sweep at once, and one dies in its transaction",
    guarantees: ["G1", "G3", "G5", "G25"],
    arena: { workers: 3 },
    play: killSweeper,
  },
  {
    id: "F33",
    title: "the reply to a worker that finalized its run is lost",
    guarantees: ["G3", "G7", "G11", "G25"],
    play: loseReplies,
  },
  {
    id: "F35",
    title: "the row of a run is locked for longer than a statement may take",
    guarantees: ["G1", "G3", "G11"],
    play: lockRow,
  },
  {
    id: "F69",
    title: "the database is one version newer than the processes",
    guarantees: ["G1", "G3"],
    play: migrateUnderLoad,
  },
  {
    id: "F83",
    title: "PostgREST does not know a function, or refuses the key of the project, for a while",
    guarantees: ["G1", "G11", "G25"],
    bounds: { endWithinMs: 60_000 },
    play: refuseForAWhile,
  },
];
