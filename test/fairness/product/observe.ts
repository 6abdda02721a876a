/** What the ledger says about a scenario: who waited how long, and who held which slot when. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Connection } from "../connection.ts";
import type { FairTenant } from "../tenants.ts";

/** Milliseconds of the database's clock. */
export interface Held {
  readonly tenantId: string;
  readonly from: number;
  readonly to: number;
  readonly isLost: boolean;
}

export interface Waited {
  /** Who submitted it: its tenant, unless a scenario gives all runs to one tenant. */
  readonly client: string;
  readonly createdAt: number;
  /** Null while no worker has claimed it. */
  readonly waitMs: number | null;
}

export interface Period {
  readonly from: number;
  readonly to: number;
}

const milliseconds = z.coerce.number();
const waitedSchema = z.object({
  client: z.string(),
  createdAt: milliseconds,
  waitMs: z.int().nullable(),
});
const heldSchema = z.object({
  tenantId: z.string(),
  from: milliseconds,
  to: milliseconds,
  isLost: z.boolean(),
});

/** In the order in which they were accepted. */
export async function readWaits(
  { query }: Connection,
  tenants: readonly FairTenant[],
): Promise<readonly Waited[]> {
  const rows = await query(
    `select r.input #>> '{existingData,brand,client}' as client, r.queued_ms as "waitMs",
       extract(epoch from r.created_at) * 1000 as "createdAt"
     from public.agent_runs r
     where r.tenant_id = any ($1) order by r.created_at, r.id`,
    [tenants.map(({ tenantId }) => tenantId)],
  );
  return z.array(waitedSchema).parse(rows);
}

export async function readHeld({ query }: Connection): Promise<readonly Held[]> {
  const rows = await query(
    `select r.tenant_id as "tenantId", extract(epoch from a.started_at) * 1000 as from,
       extract(epoch from coalesce(a.ended_at, clock_timestamp())) * 1000 as to,
       coalesce(a.outcome = 'lost', false) as "isLost"
     from public.agent_run_attempts a join public.agent_runs r on r.id = a.run_id
     order by a.started_at`,
  );
  return z.array(heldSchema).parse(rows);
}

export async function readNow({ query }: Connection): Promise<number> {
  return Number(
    (await query("select extract(epoch from clock_timestamp()) * 1000 as now"))[0]?.["now"],
  );
}

interface Counts {
  readonly queued: number;
  readonly active: number;
}

export async function countRuns(
  { query }: Connection,
  tenants: readonly FairTenant[],
): Promise<Counts> {
  const [row] = await query(
    `select count(*) filter (where phase = 'queued') as queued, count(*) filter (where phase = 'active') as active
     from public.agent_runs where tenant_id = any ($1) and status = 'running'`,
    [tenants.map(({ tenantId }) => tenantId)],
  );
  return { queued: Number(row?.["queued"]), active: Number(row?.["active"]) };
}

/** Seldom enough that asking costs the product nothing that could be measured. */
const ASK_EVERY_MS = 250;
const WITHIN_MS = 300_000;

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Not within ${WITHIN_MS} ms: ${what}.`);
    await delay(ASK_EVERY_MS);
  }
}

async function countPhase({ query }: Connection, phase: "queued" | "active"): Promise<number> {
  const sql = "select count(*) as n from public.agent_runs where phase = $1";
  return Number((await query(sql, [phase]))[0]?.["n"]);
}

export function untilBusy(connection: Connection, slots: number): Promise<void> {
  const isBusy = async () => (await countPhase(connection, "active")) >= slots;
  return until(`${slots} runs are active`, isBusy);
}

export function untilClaimed(
  connection: Connection,
  tenants: readonly FairTenant[],
): Promise<void> {
  const isClaimed = async () => (await countRuns(connection, tenants)).queued === 0;
  return until("all runs of the quiet tenants were claimed", isClaimed);
}

/** Drops what is queued, lets what runs end, and forgets both. */
export async function clearProduct(connection: Connection): Promise<void> {
  const { query } = connection;
  await query("delete from public.agent_runs where phase = 'queued'");
  await until("no run is active", async () => {
    // A worker that was killed leaves its runs to the sweep, which queues them again.
    await query("delete from public.agent_runs where phase = 'queued'");
    return (await countPhase(connection, "active")) === 0;
  });
  await query("delete from public.agent_runs");
  await query("delete from private.tenant_flow");
  await query("delete from private.tenant_limits where tenant_id is not null");
}
