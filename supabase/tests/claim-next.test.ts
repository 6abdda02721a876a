/** Whose turn it is: the claim decides, by slot-seconds and weight, within caps. */
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { service } from "../../test/support/database.ts";
import { claimNext, limit, openFlow } from "./support/flow.ts";
import { cancel, createRun, finalize, type RunRow, release } from "./support/ledger.ts";

const flow = await openFlow();
const { db } = flow;
afterAll(() => flow.close());
beforeEach(() => flow.clear());

/** As long as a tenant's runs are taken to be before any has ended. */
const ORDINARY = () => 30;

async function claimAll(): Promise<string[]> {
  const tenants: string[] = [];
  for (let run = await flow.claim(); run !== null; run = await flow.claim()) {
    tenants.push(run.tenant_id);
  }
  return tenants;
}

describe("whose turn it is", () => {
  test("the tenant that is furthest behind comes next, whoever came first", async () => {
    const flood = await flow.tenant(20);
    const quiet = await flow.tenant(3);
    const served = (await claimAll()).slice(0, 6);
    expect(served.filter((id) => id === quiet.tenantId)).toHaveLength(3);
    expect(served.filter((id) => id === flood.tenantId)).toHaveLength(3);
  });

  test("weights 1, 2 and 4 get one, two and four parts of the time", async () => {
    const tenants = [];
    for (const weight of [1, 2, 4]) tenants.push(await flow.tenant(45, { weight }));
    const served = await flow.serve(70, ORDINARY);
    const [one = 0, two = 0, four = 0] = tenants.map(({ tenantId }) => served.get(tenantId) ?? 0);
    expect(Math.abs(one - 10)).toBeLessThanOrEqual(1);
    expect(Math.abs(two - 20)).toBeLessThanOrEqual(1);
    expect(Math.abs(four - 40)).toBeLessThanOrEqual(1);
  });

  test("slot-seconds are shared and not runs: short runs come four times as often", async () => {
    const long = await flow.tenant(40);
    const short = await flow.tenant(90);
    const seconds = ({ tenant_id }: RunRow) => (tenant_id === long.tenantId ? 120 : 30);
    const served = await flow.serve(100, seconds);
    const ratio = (served.get(short.tenantId) ?? 0) / (served.get(long.tenantId) ?? 1);
    expect(ratio).toBeGreaterThan(3.4);
    expect(ratio).toBeLessThan(4.6);
  });

  test("time away gives no credit: who comes back shares from then on", async () => {
    const steady = await flow.tenant(60);
    const back = await flow.tenant(1);
    await flow.serve(40, ORDINARY);
    await flow.submit(back, 15);
    const served = await flow.serve(20, ORDINARY);
    expect(served.get(back.tenantId)).toBeGreaterThanOrEqual(9);
    expect(served.get(back.tenantId)).toBeLessThanOrEqual(11);
    expect(served.get(steady.tenantId)).toBeGreaterThanOrEqual(9);
  });

  test("within a tenant, a run for which a person waits comes before older ones of pipelines", async () => {
    const tenant = await flow.tenant();
    const [step = "", asked = "", later = ""] = await flow.submit(tenant, 3);
    await db.query("update public.agent_runs set priority = 0 where id = $1", [step]);
    const order = [await flow.claim(), await flow.claim(), await flow.claim()];
    expect(order.map((run) => run?.id)).toEqual([asked, later, step]);
  });

  test("a worker of some tenants gets their runs alone, and hears when they have none", async () => {
    const [mine, other] = [await flow.tenant(1), await flow.tenant(2)];
    const claimed = await flow.claim([mine.tenantId]);
    expect(claimed?.tenant_id).toBe(mine.tenantId);
    expect(await claimNext(db, flow.workerId, [mine.tenantId])).toEqual({ kind: "empty" });
    expect((await flow.claim([other.tenantId]))?.tenant_id).toBe(other.tenantId);
  });

  test("an ending says whether another run may be found, by this worker", async () => {
    const [mine, other] = [await flow.tenant(2), await flow.tenant(1)];
    const endOf = async (run: RunRow | null, tenants: string[] | null) =>
      db.call(service, "finalize_run", {
        p_run_id: run?.id,
        p_attempt: 1,
        p_result: { status: "completed" },
        p_tenants: tenants,
      });
    const only = [mine.tenantId];
    const [first, second] = [await flow.claim(only), await flow.claim(only)];
    expect(await endOf(first, only)).toMatchObject({ waiting: false });
    expect(await endOf(second, null)).toMatchObject({ waiting: true });
    const last = await flow.claim();
    expect(last?.tenant_id).toBe(other.tenantId);
    expect(await endOf(last, null)).toMatchObject({ waiting: false });
  });

  test("a release says so too: the run that it put back may be the one", async () => {
    await flow.tenant(1);
    const run = await flow.claim();
    const released = await release(db, { runId: run?.id ?? "" }, { kind: "drain", delay_ms: 0 });
    expect(released).toMatchObject({ applied: true, waiting: true });
  });
});

describe("the cap of a tenant", () => {
  const tenantsOf = (claims: readonly (RunRow | null)[]) => claims.map((run) => run?.tenant_id);

  test("holds it back while others wait, and only then", async () => {
    const capped = await flow.tenant(5, { max_running: 2 });
    const other = await flow.tenant(4);
    const served = await claimAll();
    const untilOthersAreServed = served.slice(0, served.lastIndexOf(other.tenantId) + 1);
    expect(untilOthersAreServed.filter((id) => id === capped.tenantId)).toHaveLength(2);
    expect(served.filter((id) => id === capped.tenantId)).toHaveLength(5);
  });

  test("is counted anew when a run ends: another may come while others wait", async () => {
    const capped = await flow.tenant(4, { max_running: 1 });
    const other = await flow.tenant(8);
    const held = await flow.claim([capped.tenantId]);
    if (held === null) throw new Error("The capped tenant has no run");
    expect(tenantsOf([await flow.claim(), await flow.claim()])).toEqual([
      other.tenantId,
      other.tenantId,
    ]);
    await flow.end(held, 30);
    expect(tenantsOf([await flow.claim(), await flow.claim()])).toContain(capped.tenantId);
  });

  test("that is raised works from the next sweep on", async () => {
    const capped = await flow.tenant(4, { max_running: 1 });
    const other = await flow.tenant(6);
    await flow.claim([capped.tenantId]);
    expect(tenantsOf([await flow.claim(), await flow.claim()])).not.toContain(capped.tenantId);
    await limit(db, capped, { max_running: 3 });
    await flow.sweep();
    const next = [await flow.claim(), await flow.claim(), await flow.claim()];
    expect(tenantsOf(next)).toContain(capped.tenantId);
    expect(tenantsOf(next)).toContain(other.tenantId);
  });
});

describe("runs that may not start", () => {
  test("one that waits for its time is claimed then, without being woken, and not before", async () => {
    await flow.tenant(1);
    const run = await flow.claim();
    if (run === null) throw new Error("There is no run");
    await release(db, { runId: run.id }, { kind: "rate_limited", delay_ms: 60_000 });
    expect(await claimNext(db, flow.workerId)).toEqual({ kind: "empty" });
    await db.query("update public.agent_runs set not_before = now() where id = $1", [run.id]);
    expect(await claimNext(db, flow.workerId)).toMatchObject({ kind: "claimed" });
  });

  test("cancelled and overdue ones are passed over", async () => {
    const tenant = await flow.tenant();
    const [cancelled = "", expired = "", overdue = "", next = ""] = await flow.submit(tenant, 4);
    await cancel(db, tenant.owner, cancelled);
    await db.query("update public.agent_runs set expires_at = now() where id = $1", [expired]);
    await db.query(
      "update public.agent_runs set started_at = now(), deadline_at = now() where id = $1",
      [overdue],
    );
    expect((await flow.claim())?.id).toBe(next);
    expect(await flow.claim()).toBeNull();
  });

  test("a tenant that is woken by mistake is passed over, and does not come again", async () => {
    const [none, other] = [await flow.tenant(1), await flow.tenant(1)];
    await cancel(
      db,
      none.owner,
      (await db.query<{ id: string }>(RUN_OF, [none.tenantId]))[0]?.id ?? "",
    );
    expect((await flow.claim())?.tenant_id).toBe(other.tenantId);
    expect(await flow.claim()).toBeNull();
    expect(await claimNext(db, flow.workerId)).toEqual({ kind: "empty" });
  });

  test("no worker claims without a lease", async () => {
    await flow.tenant(1);
    const unknown = "00000000-0000-4000-8000-000000000000";
    expect(await claimNext(db, unknown)).toEqual({ kind: "worker_lost" });
  });

  test("the ends of runs that were claimed by their id count as well", async () => {
    const tenant = await flow.tenant(2);
    const { run } = await createRun(db, tenant.owner);
    const args = { p_run_id: run.id, p_worker_id: flow.workerId };
    await db.call(service, "claim_run", args);
    expect(await finalize(db, { runId: run.id })).toMatchObject({ applied: true, waiting: true });
  });
});

const RUN_OF = "select id from public.agent_runs where tenant_id = $1";
