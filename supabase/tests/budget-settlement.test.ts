/** Whatever becomes of an attempt, its cost is booked once and its reserve returns. */
import { afterAll, describe, expect, test } from "vitest";
import {
  type Database,
  inRollback,
  openDatabase,
  processIdOf,
  untilBlocked,
} from "../../test/support/database.ts";
import {
  callOf,
  complete,
  draw,
  placePrice,
  readBooks,
  setBudget,
  sumsOf,
} from "./support/budgets.ts";
import {
  cancel,
  claim,
  createRun,
  finalize,
  lapse,
  readRun,
  reconcile,
  release,
  startElder,
  startRun,
  sweep,
} from "./support/ledger.ts";
import { createOwnDatabase } from "./support/own-database.ts";
import { completeStep, createPipeline, readPipeline } from "./support/pipelines.ts";
import { createTenant, deleteTenant, type Tenant } from "./support/tenant.ts";

/** Sweeps in earnest. */
const own = await createOwnDatabase();
const swept = await openDatabase(own.url);
afterAll(async () => {
  await swept.close();
  await own.close();
});

async function arrange(db: Database): Promise<Tenant> {
  await placePrice(db);
  await db.query("update private.run_policy set first_reserve_micros = 1000");
  const tenant = await createTenant(db);
  await setBudget(db, tenant, { day: 1_000_000, month: 2_000_000 });
  return tenant;
}

/** Both books say the same; what they say is what the rows add up to. */
async function spentIn(db: Database, tenant: Tenant): Promise<number> {
  const [day, month] = await readBooks(db, tenant);
  const { runs, attempts, reserved } = await sumsOf(db, tenant);
  expect(day).toEqual({ period: "day", spent: runs, reserved });
  expect(month).toEqual({ period: "month", spent: runs, reserved });
  expect(attempts).toBe(runs);
  return runs;
}

const REPORT = { calls: [callOf(300, 0)] };

describe("the cost is booked and the reserve returns", () => {
  test.each(["completed", "failed"])("of a run that is %s", (status) =>
    inRollback(async (db) => {
      const tenant = await arrange(db);
      const { runId } = await startRun(db, tenant);
      await finalize(db, { runId }, { status, error_code: "gateway_error", ...REPORT });
      expect(await spentIn(db, tenant)).toBe(300);
      expect(await readRun(db, runId)).toMatchObject({ status, reserved_micros: 0 });
    }),
  );

  test("of a run that is cancelled while it streams, or while it waits", () =>
    inRollback(async (db) => {
      const tenant = await arrange(db);
      const { runId } = await startRun(db, tenant);
      await cancel(db, tenant.owner, runId);
      await finalize(db, { runId }, { status: "cancelled", ...REPORT });
      const { run } = await createRun(db, tenant.owner);
      await cancel(db, tenant.owner, run.id);
      expect(await spentIn(db, tenant)).toBe(300);
      expect((await sumsOf(db, tenant)).reserved).toBe(0);
    }));

  test.each(["failed", "drain", "rate_limited"])(
    "of each attempt of a run that is released as %s: it keeps the rest of its reserve",
    (kind) =>
      inRollback(async (db) => {
        const tenant = await arrange(db);
        const { runId, workerId } = await startRun(db, tenant);
        await release(db, { runId }, { kind, delay_ms: 0, ...REPORT });
        expect(await spentIn(db, tenant)).toBe(300);
        expect(await readRun(db, runId)).toMatchObject({ reserved_micros: 700 });
        await claim(db, runId, workerId);
        await finalize(db, { runId, attempt: 2 }, { status: "completed", calls: [callOf(900, 0)] });
        expect(await spentIn(db, tenant)).toBe(1200);
      }),
  );

  test("of a run whose worker is lost: what it had noted is spent", async () => {
    const tenant = await arrange(swept);
    const { runId, workerId } = await startRun(swept, tenant);
    await draw(swept, { runId }, callOf(200, 70));
    await lapse(swept, workerId);
    await sweep(swept, await startElder(swept));
    expect(await spentIn(swept, tenant)).toBe(900);
    expect(await readRun(swept, runId)).toMatchObject({ phase: "queued", cost_estimated: true });
  });

  test("of a run that expires in the queue, and of one whose time is over", async () => {
    const tenant = await arrange(swept);
    const { run } = await createRun(swept, tenant.owner);
    const { runId } = await startRun(swept, tenant);
    await draw(swept, { runId }, callOf(250, 0));
    await swept.query(
      `update public.agent_runs set expires_at = now(), deadline_at = case when phase = 'active' then '-infinity'::timestamptz end
       where tenant_id = $1`,
      [tenant.tenantId],
    );
    await sweep(swept, await startElder(swept));
    expect(await readRun(swept, run.id)).toMatchObject({ error_code: "expired" });
    expect(await readRun(swept, runId)).toMatchObject({ error_code: "deadline_exceeded" });
    expect(await spentIn(swept, tenant)).toBe(250);
    expect((await sumsOf(swept, tenant)).reserved).toBe(0);
  });

  test("of a claim whose reply was lost: it has cost nothing", () =>
    inRollback(async (db) => {
      const tenant = await arrange(db);
      const { runId, workerId } = await startRun(db, tenant);
      await db.query("update public.agent_runs set claimed_at = '-infinity' where id = $1", [
        runId,
      ]);
      await reconcile(db, workerId, []);
      expect(await spentIn(db, tenant)).toBe(0);
      expect(await readRun(db, runId)).toMatchObject({ reserved_micros: 1000 });
    }));

  test("of a deleted workspace: its reserves return, and what its open attempts had noted is spent", () =>
    inRollback(async (db) => {
      const tenant = await arrange(db);
      await createRun(db, tenant.owner);
      const { runId } = await startRun(db, tenant);
      await draw(db, { runId }, callOf(400, 0));
      await complete(db, (await startRun(db, tenant)).runId, 50);
      await db.query("delete from public.workspaces where id = $1", [tenant.workspaceId]);
      expect(await readBooks(db, tenant)).toEqual([
        { period: "day", spent: 450, reserved: 0 },
        { period: "month", spent: 450, reserved: 0 },
      ]);
    }));
});

test("what the gateway reports is booked as it is, also beyond the budget", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    await setBudget(db, tenant, { day: 2000, month: 2000 });
    const { runId } = await startRun(db, tenant);
    await complete(db, runId, 5000);
    expect(await readRun(db, runId)).toMatchObject({ status: "completed", cost_micros: 5000 });
    expect(await spentIn(db, tenant)).toBe(5000);
  }));

test("a repeated request reserves nothing", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    const { run } = await createRun(db, tenant.owner);
    expect(await createRun(db, tenant.owner, { p_id: run.id })).toMatchObject({ created: false });
    expect((await readBooks(db, tenant))[0]).toMatchObject({ reserved: 1000 });
  }));

test("of two requests with one id at once, one reserves", async () => {
  const tenant = await arrange(swept);
  const other = await openDatabase(own.url);
  const otherId = await processIdOf(other);
  await swept.query("begin");
  try {
    const { run } = await createRunIn(swept, tenant);
    const second = createRun(other, tenant.owner, { p_id: run.id });
    const observer = await openDatabase(own.url);
    await untilBlocked(observer, otherId);
    await observer.close();
    await swept.query("commit");
    expect(await second).toMatchObject({ created: false });
  } finally {
    await other.close();
  }
  await spentIn(swept, tenant);
  await deleteTenant(swept, tenant);
});

/** As the user, in the transaction that is open. */
async function createRunIn(db: Database, tenant: Tenant) {
  const [row] = await db.query<{ id: string }>(
    `select set_config('request.jwt.claims', $1, true), set_config('request.jwt.claim.sub', $2, true),
       private.uuid_v7() as id`,
    [
      JSON.stringify({ role: "authenticated", sub: tenant.owner.userId }),
      tenant.owner.userId ?? "",
    ],
  );
  const id = row?.id ?? "";
  await db.query("select public.create_run($1, 'funnels', '{}')", [id]);
  return { run: { id } };
}

test("the steps of a pipeline reserve each their own part, and the pipeline ends when nothing is left", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    const { pipeline } = await createPipeline(db, tenant.owner, {
      p_steps: ["strategy", "funnels", "campaigns"],
    });
    await completeStep(db, pipeline.id);
    expect((await readPipeline(db, pipeline.id)).runs.at(-1)).toMatchObject({
      mode: "funnels",
      reserved_micros: 1000,
    });
    await setBudget(db, tenant, { day: 0 });
    await completeStep(db, pipeline.id);
    expect(await readPipeline(db, pipeline.id)).toMatchObject({
      pipeline: {
        status: "failed",
        failed_step: "campaigns",
        error_code: "budget_exceeded",
        error_message: expect.stringContaining("of this day is used up"),
      },
      runs: [{ status: "completed" }, { status: "completed" }],
    });
    expect((await sumsOf(db, tenant)).reserved).toBe(0);
  }));
