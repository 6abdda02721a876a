/**
 * What a claim costs in turn with a claim in the order of arrival, on the same rows. The claim in order of
 * arrival is a function of the test with an index of its own; it begins the attempt as the ledger does.
 *
 * After each claim its run ends and another is queued, which is not measured, so that every claim meets
 * as many queued runs as the first.
 */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { type Connection, finalize } from "../connection.ts";
import { quantile } from "../numbers.ts";
import { createTenants, type FairTenant, placeAll, placeRuns } from "../tenants.ts";
import { atMost, figure, milliseconds, type Section, times } from "../verdict.ts";
import { clearRuns } from "./play-virtual.ts";
import { startWorker } from "./start-worker.ts";

export interface ClaimCost {
  readonly connection: Connection;
  readonly tenants: number;
  readonly queued: number;
  /** Of each kind. */
  readonly claims: number;
}

const CREATE_FIFO = `
create schema fairness;
grant usage on schema fairness to service_role;
create index fairness_fifo_idx on public.agent_runs (created_at, id) where phase = 'queued';
create function public.claim_fifo(p_worker_id uuid) returns jsonb
language plpgsql security definer set search_path = '' set plan_cache_mode = 'force_generic_plan'
as $$
declare
  v_run_id uuid;
begin
  if not private.lock_living_worker(p_worker_id) then
    return jsonb_build_object('kind', 'worker_lost');
  end if;
  select r.id into v_run_id from public.agent_runs r
  where r.phase = 'queued' and private.may_start(r)
  order by r.created_at, r.id limit 1 for update skip locked;
  return private.begin_attempt(v_run_id, p_worker_id, 0);
end $$;
grant execute on function public.claim_fifo(uuid) to service_role;
`;
const DROP_FIFO = `
drop function public.claim_fifo(uuid);
drop index public.fairness_fifo_idx;
drop schema fairness`;

type Kind = "claim_next" | "claim_fifo";
const KINDS: readonly Kind[] = ["claim_next", "claim_fifo"];
/** Plans are made, and pages are in memory. */
const WARM_UP = 50;

export async function measureClaimCost(options: ClaimCost): Promise<Section> {
  const { connection, tenants: count, queued, claims } = options;
  await clearRuns(connection);
  const tenants = await createTenants(connection, count, "cost");
  await queueRuns(options, tenants);
  await connection.query(CREATE_FIFO);
  try {
    const workerId = await startWorker(connection);
    const byId = new Map(tenants.map((tenant) => [tenant.tenantId, tenant]));
    const turn = (kind: Kind) => claimOnce(connection, { kind, workerId, byId });
    await measureTurns(turn, WARM_UP);
    const taken = await measureTurns(turn, claims);
    const scans = await countScans(connection, workerId);
    const p50 = (kind: Kind) => quantile(taken[kind], 0.5);
    const p95 = (kind: Kind) => quantile(taken[kind], 0.95);
    const shown = (kind: Kind) => `${milliseconds(p50(kind))} and ${milliseconds(p95(kind))}`;
    return {
      title: `The cost of a claim with ${count} tenants`,
      setting: `${queued} queued runs; ${claims} claims in turn with as many in the order of arrival, measured by the client with the commit.`,
      verdicts: [
        atMost({
          criterion: "p50 of a claim",
          value: p50("claim_next"),
          bound: 1,
          show: milliseconds,
        }),
        atMost({
          criterion: "p50 of a claim : in the order of arrival",
          value: p50("claim_next") / p50("claim_fifo"),
          bound: 3,
          show: times,
        }),
        figure("p50 and p95 of a claim", shown("claim_next")),
        figure("p50 and p95 in the order of arrival", shown("claim_fifo")),
        figure(`index scans in ${COUNTED_CLAIMS} claims`, String(scans.index)),
        atMost({
          criterion: `sequential scans in ${COUNTED_CLAIMS} claims`,
          // Without any scan nothing was counted.
          value: scans.index > 0 ? scans.whole : Number.NaN,
          bound: 0,
        }),
      ],
    };
  } finally {
    await connection.query(DROP_FIFO);
  }
}

/** In the order of arrival the tenants come in turn. */
async function queueRuns(
  { connection, queued }: ClaimCost,
  tenants: readonly FairTenant[],
): Promise<void> {
  const rounds = Array.from({ length: Math.ceil(queued / tenants.length) });
  await placeAll(
    connection,
    rounds.flatMap(() => tenants.map((tenant) => ({ tenant, input: {} }))),
  );
  await connection.query("vacuum analyze public.agent_runs, private.tenant_flow");
}

interface Turn {
  readonly kind: Kind;
  readonly workerId: string;
  readonly byId: ReadonlyMap<string, FairTenant>;
}

const claimedSchema = z.object({
  run: z.object({ id: z.string(), attempt: z.int(), tenant_id: z.string() }),
});

/** All that it took until there was a run: a claim that is to be asked once more counts too. */
async function claimOnce(connection: Connection, { kind, workerId, byId }: Turn): Promise<number> {
  let took = 0;
  for (;;) {
    const startedAt = performance.now();
    const answer = await connection.asWorker(kind, { p_worker_id: workerId });
    took += performance.now() - startedAt;
    const claimed = claimedSchema.safeParse(answer).data;
    if (!claimed) continue;
    await finalize(connection, claimed.run);
    const tenant = byId.get(claimed.run.tenant_id);
    if (tenant) await placeRuns(connection, tenant, [{}]);
    // So that the next measured call finds the role already set.
    await connection.asWorker("heartbeat_worker", { p_worker_id: workerId });
    return took;
  }
}

async function measureTurns(
  turn: (kind: Kind) => Promise<number>,
  claims: number,
): Promise<Record<Kind, readonly number[]>> {
  const taken: Record<Kind, number[]> = { claim_next: [], claim_fifo: [] };
  for (let index = 0; index < claims; index += 1) {
    // Who comes first changes, so that neither always meets what the other has left behind.
    for (const kind of index % 2 === 0 ? KINDS : KINDS.toReversed()) {
      taken[kind].push(await turn(kind));
    }
  }
  return taken;
}

const SCANS = `select coalesce(sum(seq_scan), 0) as whole, coalesce(sum(idx_scan), 0) as index
  from pg_stat_user_tables
  where relname in ('agent_runs', 'agent_run_attempts', 'tenant_flow', 'tenant_limits', 'workers', 'workspaces')`;
/** Claims that are undone, so that nothing but claims is counted. */
const COUNTED_CLAIMS = 50;
const UNDONE = `do $$ begin
  perform public.claim_next(current_setting('fairness.worker')::uuid);
  raise exception using errcode = 'PT000';
exception when sqlstate 'PT000' then null; end $$`;
/** Counts arrive with the statistics, a second later at most. */
const STATISTICS_MS = 1_200;

interface Scans {
  /** Of whole tables. */
  readonly whole: number;
  readonly index: number;
}

async function countScans(connection: Connection, workerId: string): Promise<Scans> {
  const before = await readScans(connection);
  await connection.query("select set_config('fairness.worker', $1, false)", [workerId]);
  for (let claim = 0; claim < COUNTED_CLAIMS; claim += 1) await connection.query(UNDONE);
  const after = await readScans(connection);
  return { whole: after.whole - before.whole, index: after.index - before.index };
}

async function readScans({ query }: Connection): Promise<Scans> {
  await query("select pg_stat_force_next_flush()");
  await delay(STATISTICS_MS);
  const [row] = await query(SCANS);
  return { whole: Number(row?.["whole"]), index: Number(row?.["index"]) };
}
