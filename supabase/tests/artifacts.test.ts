import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { inRollback, openDatabase, refusalOf } from "../../test/support/database.ts";
import { finalize, readRun, startRun } from "./support/ledger.ts";
import { createTenant, deleteTenant, type Tenant } from "./support/tenant.ts";

interface Funnel {
  readonly funnelId: string;
  readonly artifacts: readonly { table: string; id: string; values: Record<string, unknown> }[];
}

function funnelOf(
  values: Record<string, unknown> = {},
  stage: Record<string, unknown> = {},
): Funnel {
  const funnelId = randomUUID();
  return {
    funnelId,
    artifacts: [
      { table: "cmo_funnels", id: funnelId, values: { funnel_name: "F", ...values } },
      {
        table: "cmo_funnel_stages",
        id: randomUUID(),
        values: { funnel_id: funnelId, stage_name: "S", stage_type: "awareness", ...stage },
      },
    ],
  };
}

const completed = ({ artifacts }: Pick<Funnel, "artifacts">) => ({
  status: "completed",
  output: { kept: true },
  output_text: "kept",
  text_length: 4,
  artifacts,
});

test("a completed run saves its artifacts as drafts of its workspace, creator and run", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { runId } = await startRun(db, tenant, { p_save: true });
    const funnel = funnelOf({ total_budget: 900, description: null });
    const { run } = await finalize(db, { runId }, completed(funnel));

    expect(run.artifacts).toEqual(funnel.artifacts.map(({ table, id }) => ({ table, id })));
    const origin = {
      workspace_id: tenant.workspaceId,
      tenant_id: tenant.tenantId,
      agent_run_id: runId,
    };
    expect(
      await db.query("select * from public.cmo_funnels where id = $1", [funnel.funnelId]),
    ).toMatchObject([
      { ...origin, status: "draft", created_by: tenant.owner.userId, total_budget: "900" },
    ]);
    expect(
      await db.query("select * from public.cmo_funnel_stages where funnel_id = $1", [
        funnel.funnelId,
      ]),
    ).toMatchObject([{ ...origin, kpis: [], stage_order: 0 }]);
  }));

test("a plan keeps the defaults of the columns that it does not name", () =>
  inRollback(async (db) => {
    const { runId } = await startRun(db, await createTenant(db), { p_save: true });
    const plan = {
      table: "cmo_marketing_plans",
      id: randomUUID(),
      values: { plan_name: "P", channel_mix: null },
    };
    await finalize(db, { runId }, completed({ artifacts: [plan] }));
    expect(
      await db.query("select * from public.cmo_marketing_plans where id = $1", [plan.id]),
    ).toMatchObject([
      { plan_name: "P", plan_type: "90-day", status: "draft", channel_mix: [], month_1_plan: {} },
    ]);
  }));

test("whose the rows are is decided by the run, whatever the values say", () =>
  inRollback(async (db) => {
    const [mine, theirs] = [await createTenant(db), await createTenant(db)];
    const { runId } = await startRun(db, mine, { p_save: true });
    const forged = {
      workspace_id: theirs.workspaceId,
      tenant_id: theirs.tenantId,
      created_by: theirs.owner.userId,
      agent_run_id: randomUUID(),
      status: "active",
    };
    const funnel = funnelOf(forged);
    await finalize(db, { runId }, completed(funnel));
    expect(
      await db.query("select * from public.cmo_funnels where id = $1", [funnel.funnelId]),
    ).toMatchObject([
      {
        workspace_id: mine.workspaceId,
        created_by: mine.owner.userId,
        status: "draft",
        agent_run_id: runId,
      },
    ]);
  }));

test("a run that did not ask saves nothing", () =>
  inRollback(async (db) => {
    const { runId } = await startRun(db, await createTenant(db));
    const { run } = await finalize(db, { runId }, completed(funnelOf()));
    expect(run).toMatchObject({ status: "completed", artifacts: [] });
  }));

const wrong: [string, (theirs: Tenant) => Pick<Funnel, "artifacts">, RegExp][] = [
  [
    "a column of the wrong type",
    () => funnelOf({}, { expected_volume: "many" }),
    /cmo_funnel_stages.*many/,
  ],
  ["a missing name", () => funnelOf({}, { stage_name: null }), /cmo_funnel_stages.*stage_name/],
  [
    "a parent that is not there",
    () => funnelOf({}, { funnel_id: randomUUID() }),
    /cmo_funnel_stages/,
  ],
  [
    "a table that runs do not save into",
    () => ({ artifacts: [{ table: "workspaces", id: randomUUID(), values: {} }] }),
    /workspaces/,
  ],
  ["something that is no list", () => ({ artifacts: JSON.parse("{}") }), /workspace/],
];
test.each(wrong)(
  "%s: nothing is saved, the run fails, text and output stay",
  (_what, make, message) =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const { runId } = await startRun(db, mine, { p_save: true });
      const { applied, run } = await finalize(db, { runId }, completed(make(theirs)));

      expect(applied).toBe(true);
      expect(run).toMatchObject({
        status: "failed",
        error_code: "artifacts_rejected",
        error_message: expect.stringMatching(message),
        output: { kept: true },
        output_text: "kept",
        artifacts: [],
      });
      expect(
        await db.query("select from public.cmo_funnels where agent_run_id = $1", [runId]),
      ).toEqual([]);
    }),
);

test("a funnel cannot name another workspace's plan", () =>
  inRollback(async (db) => {
    const [mine, theirs] = [await createTenant(db), await createTenant(db)];
    const planId = randomUUID();
    await db.query(
      "insert into public.cmo_marketing_plans (id, workspace_id, plan_name) values ($1, $2, 'P')",
      [planId, theirs.workspaceId],
    );
    const { runId } = await startRun(db, mine, { p_save: true });
    const { run } = await finalize(db, { runId }, completed(funnelOf({ plan_id: planId })));
    expect(run.error_code).toBe("artifacts_rejected");
  }));

test("trouble of the database itself is thrown, so that the worker finalizes again", async () => {
  const [db, blocker] = [await openDatabase(), await openDatabase()];
  const tenant = await createTenant(db);
  try {
    const { runId } = await startRun(db, tenant, { p_save: true });
    await blocker.query("begin");
    await blocker.query("lock table public.cmo_funnels in access exclusive mode");
    await db.query("set lock_timeout = '50ms'");
    expect(await refusalOf(finalize(db, { runId }, completed(funnelOf())))).toMatchObject({
      code: "55P03",
    });

    await blocker.query("rollback");
    expect((await readRun(db, runId)).phase).toBe("active");
    expect((await finalize(db, { runId }, completed(funnelOf()))).run.status).toBe("completed");
  } finally {
    await blocker.close();
    await deleteTenant(db, tenant);
    await db.close();
  }
});
