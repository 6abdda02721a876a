/**
 * The original app's screens and the kernel on one adopted project: what the screens read and save
 * works as before, the kernel's runs work beside their rows, and neither takes the other's for its own.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createScratchDatabase, execute } from "../../dev/src/database/scratch-database.ts";
import {
  type Database,
  openDatabase,
  refusalOf,
  service,
  user,
} from "../../test/support/database.ts";
import { adopt } from "./support/adopt.ts";
import { insert, type Row } from "./support/domain-rows.ts";
import { claim, createRun, finalize, startElder, startWorker, sweep } from "./support/ledger.ts";

/** Of the fixture: an owner with a tenant, a member, and the owner of a workspace without one. */
const MARA = user("10000000-0000-4000-8000-000000000001");
const TOM = user("10000000-0000-4000-8000-000000000002");
const ADA = user("10000000-0000-4000-8000-000000000003");
const HARBOUR = "20000000-0000-4000-8000-000000000002";
const SANDBOX = "20000000-0000-4000-8000-000000000001";

let db: Database;
let close: () => Promise<void>;

beforeAll(async () => {
  const scratch = await createScratchDatabase(inject("stack").databaseUrl);
  close = scratch.close;
  for (const name of ["original", "original-data"]) {
    const file = new URL(`../adopt/test/fixtures/${name}.sql`, import.meta.url);
    await execute(scratch.url, [readFileSync(file, "utf8")]);
  }
  await adopt(scratch.url, "apply");
  db = await openDatabase(scratch.url);
});

afterAll(async () => {
  await db?.close();
  await close?.();
});

describe("the screens", () => {
  test.each([
    ["without a tenant", undefined],
    ["with the tenant of user_tenants", HARBOUR],
    ["with the user's own id", MARA.userId],
  ])("save brand, segment, offer and plan %s", async (_, tenant_id) => {
    const scope = {
      workspace_id: HARBOUR,
      created_by: MARA.userId,
      ...(tenant_id && { tenant_id }),
    };
    const [brand] = await db.as<Row>(
      MARA,
      `insert into public.cmo_brand_profiles (workspace_id, created_by, brand_name) values ($1, $2, 'New name')
       on conflict (workspace_id) do update set workspace_id = excluded.workspace_id,
         created_by = excluded.created_by, brand_name = excluded.brand_name returning *`,
      [HARBOUR, MARA.userId],
    );
    expect(brand).toMatchObject({ brand_name: "New name", tenant_id: HARBOUR });
    for (const [table, row] of [
      ["cmo_icp_segments", { segment_name: "S" }],
      ["cmo_offers", { offer_name: "O", offer_type: "service" }],
      ["cmo_marketing_plans", { plan_name: "P", plan_type: "90-day", status: "draft" }],
    ] as const) {
      const saved = await insert(db, MARA, table, { ...scope, ...row });
      expect(saved["tenant_id"]).toBe(HARBOUR);
    }
  });

  test("save a funnel with its stages, which know their workspace", async () => {
    const funnel = await insert(db, MARA, "cmo_funnels", {
      workspace_id: HARBOUR,
      created_by: MARA.userId,
      funnel_name: "F",
    });
    const stage = await insert(db, MARA, "cmo_funnel_stages", {
      funnel_id: funnel.id,
      stage_name: "S",
      stage_type: "awareness",
    });
    expect(stage).toMatchObject({ workspace_id: HARBOUR, tenant_id: HARBOUR });
  });

  test("save in a workspace without a tenant, whatever they take for it", async () => {
    for (const tenant_id of [ADA.userId, "70000000-0000-4000-8000-000000000001", SANDBOX]) {
      const row = { workspace_id: SANDBOX, tenant_id, offer_name: "O", offer_type: "service" };
      expect((await insert(db, ADA, "cmo_offers", row))["tenant_id"]).toBe(SANDBOX);
    }
  });

  test("read rows with their children, and note a recommendation's progress", async () => {
    const rows = await db.as<Row>(
      MARA,
      `select f.id, (select count(*)::integer from public.cmo_funnel_stages s where s.funnel_id = f.id) as stages
       from public.cmo_funnels f where f.workspace_id = $1`,
      [HARBOUR],
    );
    expect(rows.some((row) => Number(row["stages"]) > 0)).toBe(true);
    const done = await db.as<Row>(
      MARA,
      `update public.cmo_recommendations set status = 'implemented', implemented_at = now()
       where workspace_id = $1 returning *`,
      [HARBOUR],
    );
    expect(done.length).toBeGreaterThan(0);
  });

  test("log runs of their own, which stay theirs", async () => {
    const logged = await insert(db, MARA, "agent_runs", {
      workspace_id: HARBOUR,
      tenant_id: HARBOUR,
      agent: "deploy_campaign_ui",
    });
    expect(logged).toMatchObject({ status: "pending", phase: null, output: {} });
    const [done] = await db.as<Row>(
      MARA,
      "update public.agent_runs set status = 'failed', error_message = 'No.' where id = $1 returning *",
      [logged.id],
    );
    expect(done).toMatchObject({ status: "failed", phase: null });
  });

  test("a new user signs up as before, and runs in the workspace that sign-up makes", async () => {
    const userId = randomUUID();
    await db.query(
      "insert into auth.users (id, email, email_confirmed_at) values ($1, 'n@app.test', now())",
      [userId],
    );
    const { run } = await createRun(db, user(userId));
    expect(run.tenant_id).toBe(run.workspace_id);
  });
});

describe("the kernel", () => {
  test("runs beside the app's rows, and saves into the app's tables", async () => {
    const { run } = await createRun(db, MARA, {
      p_workspace_id: HARBOUR,
      p_mode: "strategy",
      p_save: true,
    });
    expect(run).toMatchObject({
      status: "running",
      phase: "queued",
      output: null,
      tenant_id: HARBOUR,
    });
    const worker = await startWorker(db);
    await claim(db, run.id, worker);
    const id = randomUUID();
    const ended = await finalize(
      db,
      { runId: run.id },
      {
        status: "completed",
        output: { plan_name: "By the kernel" },
        artifacts: [{ table: "cmo_marketing_plans", id, values: { plan_name: "By the kernel" } }],
      },
    );
    expect(ended.run).toMatchObject({ status: "completed", artifacts: [{ id }] });
    const seen = await db.as<Row>(TOM, "select * from public.cmo_marketing_plans where id = $1", [
      id,
    ]);
    expect(seen).toMatchObject([{ plan_name: "By the kernel", agent_run_id: run.id }]);
  });

  test("lists its runs alone, and its sweep leaves the app's unended rows as they are", async () => {
    const before = await db.query(
      "select * from public.agent_runs where phase is null order by id",
    );
    expect(before.length).toBeGreaterThan(5);
    await sweep(db, await startElder(db));
    expect(
      await db.query("select * from public.agent_runs where phase is null order by id"),
    ).toEqual(before);
    const listed = await db.as<{ phase: string | null }>(MARA, "select * from public.list_runs()");
    expect(listed.map(({ phase }) => phase)).not.toContain(null);
  });

  test("its runs are nobody's to change, and the app cannot make one", async () => {
    const { run } = await createRun(db, MARA, { p_workspace_id: HARBOUR });
    for (const caller of [MARA, service]) {
      for (const sql of [
        "update public.agent_runs set status = 'completed' where id = $1",
        "update public.agent_runs set phase = null where id = $1",
        "delete from public.agent_runs where id = $1",
      ]) {
        expect((await refusalOf(db.as(caller, sql, [run.id]))).code).toBe("42501");
      }
    }
    const forged = await insert(db, MARA, "agent_runs", {
      id: randomUUID(),
      workspace_id: HARBOUR,
      tenant_id: HARBOUR,
      agent: "cmo-plan-90day",
      mode: "strategy",
      status: "running",
      phase: "queued",
      enqueue_after: "2026-01-01",
      deadline_at: "2026-01-01",
    });
    expect(forged).toMatchObject({ phase: null, enqueue_after: null, deadline_at: null });
    const { enqueue, ended } = await sweep(db, await startElder(db));
    expect([...enqueue, ...ended].map(({ id }) => id)).not.toContain(forged.id);
  });

  test("keeps what an edit replaces, and brings it back", async () => {
    const plan = await insert(db, MARA, "cmo_marketing_plans", {
      workspace_id: HARBOUR,
      plan_name: "One",
    });
    await db.as(TOM, "update public.cmo_marketing_plans set plan_name = 'Two' where id = $1", [
      plan.id,
    ]);
    await db.call(MARA, "restore_version", {
      p_table: "cmo_marketing_plans",
      p_row_id: plan.id,
      p_number: 1,
    });
    const [row] = await db.query<Row>("select * from public.cmo_marketing_plans where id = $1", [
      plan.id,
    ]);
    expect(row).toMatchObject({ plan_name: "One" });
  });

  test("imports metrics into the app's table", async () => {
    const imported = await db.call<{ imported: number }>(MARA, "import_metrics", {
      p_lines: JSON.stringify([{ snapshot_date: "2026-11-01", impressions: 100 }]),
      p_workspace_id: HARBOUR,
    });
    expect(imported).toMatchObject({ imported: 1 });
  });
});
