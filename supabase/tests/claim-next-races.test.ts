/** Claims beside submissions, endings, cancels and sweeps on other connections. */
import { DatabaseError } from "pg";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Database, processIdOf, service, untilBlocked } from "../../test/support/database.ts";
import { claimNext, claimUntilAnswered, openFlow } from "./support/flow.ts";
import {
  cancel,
  createRun,
  finalize,
  type RunRow,
  reconcile,
  release,
  startElder,
  startWorker,
  sweep,
} from "./support/ledger.ts";
import type { Tenant } from "./support/tenant.ts";

const flow = await openFlow();
const { db } = flow;
const other = await flow.connect();
afterAll(() => flow.close());
beforeEach(() => flow.clear());

describe("a run is found", () => {
  test("that was submitted while a claim found that its tenant has none", async () => {
    const tenant = await flow.tenant(1);
    const [queued] = await db.query<{ id: string }>("select id from public.agent_runs");
    // The tenant counts as waiting and has no run any more.
    await cancel(db, tenant.owner, queued?.id ?? "");
    await db.query("begin");
    await db.query("select public.claim_next($1)", [flow.workerId]);
    const waiting = await processIdOf(other);
    const created = createRun(other, tenant.owner);
    await untilBlocked(db, waiting);
    await db.query("commit");
    const { run } = await created;
    expect((await flow.claim())?.id).toBe(run.id);
  });

  test("that somebody had locked for a moment when its tenant's turn came", async () => {
    await flow.tenant(1);
    await other.query("begin");
    await other.query("select from public.agent_runs for update");
    expect(await claimNext(db, flow.workerId)).toEqual({ kind: "again" });
    await other.query("rollback");
    expect(await flow.claim()).not.toBeNull();
  });

  test("of a tenant that another claim does not hold, without waiting for that one", async () => {
    const [first, second] = [await flow.tenant(2), await flow.tenant(2)];
    await other.query("begin");
    const [held] = await other.query<{ claim: { run: RunRow } }>(
      "select public.claim_next($1) as claim",
      [flow.workerId],
    );
    const claimed = await flow.claim();
    await other.query("commit");
    const tenants = [held?.claim.run.tenant_id, claimed?.tenant_id];
    expect(tenants.sort()).toEqual([first.tenantId, second.tenantId].sort());
  });

  test("of the only tenant, after the claim that holds it", async () => {
    await flow.tenant(2);
    await other.query("begin");
    await other.query("select public.claim_next($1)", [flow.workerId]);
    const waiting = await processIdOf(db);
    const second = flow.claim();
    await untilBlocked(other, waiting);
    await other.query("commit");
    expect(await second).not.toBeNull();
    expect(await flow.claim()).toBeNull();
  });
});

/** One of twelve: what workers, users and sweeps do, in an order that its number decides. */
interface Actor {
  readonly db: Database;
  readonly workerId: string;
  readonly random: (below: number) => number;
  readonly held: RunRow[];
}

const ACTORS = 12;
const STEPS = 150;

function newRandom(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 1) >>> 0;
    return state % below;
  };
}

async function step(actor: Actor, tenants: readonly Tenant[], elder: string): Promise<void> {
  const { db: mine, workerId, random, held } = actor;
  const tenant = tenants[random(tenants.length)];
  if (!tenant) return;
  const dice = random(20);
  if (dice < 6) await createRun(mine, tenant.owner);
  else if (dice < 13) await claim(actor);
  else if (dice < 17) await endOne(actor);
  else if (dice < 18) await sweep(mine, elder);
  else if (dice < 19) await reconcile(mine, workerId, held);
  else {
    const sql =
      "select id from public.agent_runs where tenant_id = $1 and phase = 'queued' limit 1";
    const [queued] = await mine.query<{ id: string }>(sql, [tenant.tenantId]);
    if (queued) await cancel(mine, tenant.owner, queued.id);
  }
}

async function claim({ db: mine, workerId, held }: Actor): Promise<void> {
  const { kind, run } = await claimNext(mine, workerId);
  if (kind === "claimed" && run) held.push(run);
}

async function endOne({ db: mine, held, random }: Actor): Promise<void> {
  const run = held.pop();
  if (!run) return;
  const ref = { runId: run.id, attempt: run.attempt };
  if (random(3) > 0) await finalize(mine, ref);
  else await release(mine, ref, { kind: "drain", delay_ms: random(2) * 50 });
}

test("twelve connections meet no deadlock, claim nothing twice, and leave nobody waiting", async () => {
  const tenants = await Promise.all(Array.from({ length: 5 }, () => flow.tenant(2)));
  const elder = await startElder(db);
  const actors = await Promise.all(
    Array.from({ length: ACTORS }, async (_, index): Promise<Actor> => {
      const mine = await flow.connect();
      return {
        db: mine,
        workerId: await startWorker(mine),
        random: newRandom(index + 1),
        held: [],
      };
    }),
  );
  const failures: string[] = [];
  const act = async (actor: Actor) => {
    for (let done = 0; done < STEPS; done += 1) {
      await step(actor, tenants, elder).catch((error: unknown) => {
        if (!(error instanceof DatabaseError)) throw error;
        failures.push(`${error.code} ${error.message}`);
      });
    }
  };
  await Promise.all(actors.map(act));
  expect(failures).toEqual([]);

  const attempts = await db.query<{ twice: number; claims: number }>(
    `select count(*)::int as claims, count(*) filter (where ended_at is null and r.phase <> 'active')::int
       as twice from public.agent_run_attempts a join public.agent_runs r on r.id = a.run_id`,
  );
  expect(attempts[0]?.twice).toBe(0);
  expect(attempts[0]?.claims).toBeGreaterThan(ACTORS);
  await db.query("update public.agent_runs set not_before = now() where phase = 'queued'");
  await db.call(service, "sweep_runs", { p_worker_id: elder });
  while ((await claimUntilAnswered(db, flow.workerId)) !== null);
  expect(await db.query("select id from public.agent_runs where phase = 'queued'")).toEqual([]);
});
