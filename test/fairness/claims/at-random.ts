/**
 * Twelve connections claim, end, release, cancel, create, change limits and sweep at random. A trigger of
 * the test looks at each claim inside its transaction.
 *
 * In every round one tenant without a cap has queued runs all the time, so that no claim may exceed a cap.
 * A round ends with a drain: whatever its claims do not find, nobody had announced.
 */
import { z } from "zod";
import { newRandom, type Random } from "../../faults/random.ts";
import { type Connection, claimOrEmpty, createRun } from "../connection.ts";
import { createTenant, createTenants, type FairTenant, placeRuns } from "../tenants.ts";
import { atMost, figure, type Section } from "../verdict.ts";
import { type Acting, actUntil, newTally, type Tally } from "./acts.ts";
import { clearRuns, isAnybodyWaiting } from "./play-virtual.ts";
import { startWorker } from "./start-worker.ts";

export interface AtRandom {
  readonly connection: Connection;
  readonly connections: readonly Connection[];
  readonly seed: number;
  readonly claims: number;
}

const TENANTS = 12;
const CLAIMS_A_ROUND = 2_000;
const BACKLOG = 4_000;
const NEVER_REACHED = 1_000_000;

/**
 * A claim counts its tenant's active runs under the lock of the tenant. The trigger counts again under the
 * same lock and later, so it can see fewer and never more.
 */
const WATCH = `
create schema if not exists fairness;
create table if not exists fairness.claims (
  run_id uuid not null, attempt integer not null, from_phase text not null,
  running integer not null, cap integer not null, others_wait boolean not null
);
create or replace function fairness.note_claim() returns trigger language plpgsql security definer as $$
begin
  insert into fairness.claims select new.id, new.attempt, old.phase,
    (select count(*) from public.agent_runs r where r.tenant_id = new.tenant_id and r.phase = 'active'),
    (private.limits_of(new.tenant_id)).max_running,
    exists (select from private.tenant_flow f
      where f.waiting and not f.capped and f.tenant_id <> new.tenant_id);
  return null;
end $$;
create or replace trigger note_claim after update on public.agent_runs for each row
  when (new.phase = 'active' and (old.phase <> 'active' or old.attempt <> new.attempt))
  execute function fairness.note_claim();
`;
const UNWATCH = "drop schema fairness cascade";
/** In the drain nobody else waits, and caps no longer hold anybody back. */
const PAUSE_WATCH = "alter table public.agent_runs disable trigger note_claim";
const RESUME_WATCH = "alter table public.agent_runs enable trigger note_claim";

const countsSchema = z.object({
  claims: z.coerce.number(),
  over: z.coerce.number(),
  twice: z.coerce.number(),
  at_cap: z.coerce.number(),
});
const COUNTS = `select count(*) as claims,
  count(*) filter (where running > cap and others_wait) as over,
  count(*) filter (where running = cap) as at_cap,
  count(*) filter (where from_phase <> 'queued') + count(*) - count(distinct (run_id, attempt)) as twice
from fairness.claims`;

export async function playAtRandom(options: AtRandom): Promise<Section> {
  const { connection, connections, seed, claims } = options;
  const random = newRandom(seed);
  const tally = newTally();
  const deadlocksBefore = await countDeadlocks(connection);
  await connection.query(WATCH);
  let lost = 0;
  let rounds = 0;
  for (; tally.claimed.size < claims; rounds += 1) {
    const goal = Math.min(claims, tally.claimed.size + CLAIMS_A_ROUND);
    lost += await playRound(options, { random, tally, goal, sweeps: rounds % 2 === 1 });
  }
  const counts = countsSchema.parse((await connection.query(COUNTS))[0]);
  await connection.query(UNWATCH);
  const deadlocks = (await countDeadlocks(connection)) - deadlocksBefore;
  return {
    title: "Claims at random from many connections",
    setting: `${connections.length} connections in ${rounds} rounds, with ${TENANTS} tenants whose caps and weights change meanwhile, and one without a cap that always waits. Every other round also sweeps, loses workers and reconciles. Seed ${seed}.`,
    verdicts: [
      figure("claims that got a run", String(tally.claimed.size)),
      figure("of them up to the cap exactly", String(counts.at_cap)),
      figure("other acts", describe(tally)),
      atMost({ criterion: "claims above a cap", value: counts.over, bound: 0 }),
      atMost({ criterion: "claimed twice", value: counts.twice + tally.repeated, bound: 0 }),
      atMost({
        criterion: "claims of which the ledger and the connections differ",
        value: Math.abs(counts.claims - tally.claimed.size),
        bound: 0,
      }),
      atMost({ criterion: "deadlocks", value: Math.max(deadlocks, tally.deadlocks), bound: 0 }),
      atMost({ criterion: "other errors", value: tally.errors.size, bound: 0 }),
      atMost({ criterion: "wakes lost", value: lost, bound: 0 }),
    ],
  };
}

interface Round {
  readonly random: Random;
  readonly tally: Tally;
  readonly goal: number;
  readonly sweeps: boolean;
}

/** Returns 1 when a run was left that no claim finds, else 0. */
async function playRound(
  { connection, connections }: AtRandom,
  { random, tally, goal, sweeps }: Round,
): Promise<number> {
  await clearRuns(connection);
  const tenants = await createTenants(connection, TENANTS, "capped");
  const waiting = await createTenant(connection, "always waits", {
    weight: 0.1,
    maxRunning: NEVER_REACHED,
  });
  await placeRuns(
    connection,
    waiting,
    Array.from({ length: BACKLOG }, () => ({})),
  );
  await Promise.all(
    connections.map((own) => {
      const acting: Acting = {
        connection: own,
        tenants,
        sweeps,
        random: newRandom(random.int(0, 1e9)),
      };
      return actUntil(acting, tally, () => tally.claimed.size >= goal);
    }),
  );
  await connection.query(PAUSE_WATCH);
  await connection.query(
    "delete from public.agent_runs where phase = 'queued' and tenant_id = $1",
    [waiting.tenantId],
  );
  await untilAllMayStart(connection);
  const isLost = await leavesRunsBehind(connection, tenants);
  await connection.query(RESUME_WATCH);
  return isLost ? 1 : 0;
}

/** Releases with a delay of a fraction of a second are still waiting for their time. */
async function untilAllMayStart({ query }: Connection): Promise<void> {
  await query(
    `select pg_sleep(greatest(0, extract(epoch from max(r.not_before) - now())))
     from public.agent_runs r where r.phase = 'queued'`,
  );
}

/** Claims until `empty` and ends nothing, since each end would wake a tenant. */
async function leavesRunsBehind(
  connection: Connection,
  tenants: readonly FairTenant[],
): Promise<boolean> {
  const workerId = await startWorker(connection);
  // Claims must still find something when nobody else is left to wake anybody.
  const [first] = tenants;
  if (first) await createRun(connection, first, {});
  let run = await claimOrEmpty(connection, workerId);
  if (first && run === null) return true;
  while (run !== null) run = await claimOrEmpty(connection, workerId);
  return isAnybodyWaiting(connection);
}

async function countDeadlocks({ query }: Connection): Promise<number> {
  const rows = await query(
    "select deadlocks from pg_stat_database where datname = current_database()",
  );
  return Number(rows[0]?.["deadlocks"]);
}

function describe({ acts, errors }: Tally): string {
  const done = [...acts].map(([name, count]) => `${count} × ${name}`);
  return [...done, ...[...errors].map(([code, count]) => `${count} × error ${code}`)].join(", ");
}
