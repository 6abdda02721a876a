/** Tenants that compete for slots, in a database of the test's own. */
import { type Database, openDatabase, service } from "../../../test/support/database.ts";
import { createRun, finalize, type RunRow, startElder, startWorker, sweep } from "./ledger.ts";
import { createOwnDatabase } from "./own-database.ts";
import { createTenant, type Tenant } from "./tenant.ts";

export interface NextClaim {
  readonly kind: "claimed" | "empty" | "again" | "paused" | "worker_lost";
  readonly run?: RunRow;
}

export interface Flow {
  readonly db: Database;
  readonly workerId: string;
  /** Another connection to the same database. */
  connect(): Promise<Database>;
  /** A tenant with its limits and so many queued runs. */
  tenant(queued?: number, limits?: Readonly<Record<string, number>>): Promise<Tenant>;
  submit(tenant: Tenant, count: number): Promise<string[]>;
  /** Asks until the answer is not `again`. The run; null if nobody waits. */
  claim(tenants?: readonly string[]): Promise<RunRow | null>;
  /** Ends a run as if it had taken so many seconds. */
  end(run: RunRow, seconds: number): Promise<void>;
  /** Claims and ends, one after the other, and returns how often each tenant came. */
  serve(count: number, secondsOf: (run: RunRow) => number): Promise<ReadonlyMap<string, number>>;
  sweep(): Promise<unknown>;
  /** Forgets every run and every turn. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export function claimNext(
  db: Database,
  workerId: string,
  tenants: readonly string[] | null = null,
): Promise<NextClaim> {
  return db.call(service, "claim_next", { p_worker_id: workerId, p_tenants: tenants });
}

export async function claimUntilAnswered(
  db: Database,
  workerId: string,
  tenants: readonly string[] | null = null,
): Promise<RunRow | null> {
  for (let turn = 0; turn < 100; turn += 1) {
    const { kind, run } = await claimNext(db, workerId, tenants);
    if (kind === "claimed" && run) return run;
    if (kind === "empty") return null;
    if (kind !== "again") throw new Error(`The claim was answered with ${kind}`);
  }
  throw new Error("The claim was answered with `again` a hundred times");
}

export async function openFlow(): Promise<Flow> {
  const own = await createOwnDatabase();
  const opened: Database[] = [];
  const connect = async () => {
    const db = await openDatabase(own.url);
    opened.push(db);
    return db;
  };
  const db = await connect();
  await db.query("update private.run_policy set lease = '1 hour', sweep_every = '0'");
  const [workerId, elder] = [await startWorker(db), await startElder(db)];
  await db.query(WITHOUT_ADMISSION);

  const submit = async ({ owner }: Tenant, count: number) => {
    const ids: string[] = [];
    for (let made = 0; made < count; made += 1) ids.push((await createRun(db, owner)).run.id);
    return ids;
  };
  const claim = (tenants?: readonly string[]) => claimUntilAnswered(db, workerId, tenants ?? null);
  const end = async ({ id, attempt }: RunRow, seconds: number) => {
    const sql = `update public.agent_runs set claimed_at = now() - $2 * interval '1 second' where id = $1`;
    await db.query(sql, [id, seconds]);
    await finalize(db, { runId: id, attempt });
  };
  return {
    db,
    workerId,
    connect,
    async tenant(queued = 0, limits = {}) {
      const tenant = await createTenant(db);
      await limit(db, tenant, limits);
      await submit(tenant, queued);
      return tenant;
    },
    submit,
    claim,
    end,
    async serve(count, secondsOf) {
      const served = new Map<string, number>();
      for (let turn = 0; turn < count; turn += 1) {
        const run = await claim();
        if (run === null) throw new Error(`Nobody waits after ${turn} turns`);
        served.set(run.tenant_id, (served.get(run.tenant_id) ?? 0) + 1);
        await end(run, secondsOf(run));
      }
      return served;
    },
    sweep: () => sweep(db, elder),
    async clear() {
      await db.query("delete from public.agent_runs; delete from private.tenant_flow;");
    },
    async close() {
      await Promise.all(opened.map((one) => one.close()));
      await own.close();
    },
  };
}

const WITHOUT_ADMISSION = `update private.tenant_limits set max_queued = 1000000,
  runs_per_minute = 1000000, runs_per_hour = 1000000, runs_per_day = 1000000,
  user_runs_per_minute = 1000000, user_runs_per_hour = 1000000, user_runs_per_day = 1000000`;

/** Sets limits of one tenant. */
export async function limit(
  db: Database,
  { tenantId }: Tenant,
  limits: Readonly<Record<string, number>>,
): Promise<void> {
  await db.query("delete from private.tenant_limits where tenant_id = $1", [tenantId]);
  await db.query(
    `insert into private.tenant_limits (tenant_id, weight, max_running)
     values ($1, $2, $3)`,
    [tenantId, limits["weight"] ?? null, limits["max_running"] ?? null],
  );
}
