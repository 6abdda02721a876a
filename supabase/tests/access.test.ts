import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  anon,
  type Caller,
  type Database,
  inRollback,
  refusalOf,
  service,
  user,
} from "./support/database.ts";
import { createRun } from "./support/ledger.ts";
import { addMember, createTenant, type Tenant } from "./support/tenant.ts";

const CMO_TABLES: readonly [table: string, required: Record<string, unknown>][] = [
  ["cmo_brand_profiles", { brand_name: "B" }],
  ["cmo_icp_segments", { segment_name: "S" }],
  ["cmo_offers", { offer_name: "O", offer_type: "product" }],
  ["cmo_marketing_plans", { plan_name: "P" }],
  ["cmo_funnels", { funnel_name: "F" }],
  ["cmo_campaigns", { campaign_name: "C", campaign_type: "nurture" }],
  ["cmo_content_assets", { title: "T", content_type: "blog" }],
  ["cmo_metrics_snapshots", { snapshot_date: "2026-11-22", metric_type: "weekly" }],
  ["cmo_recommendations", { recommendation_type: "optimization", title: "R" }],
];

const CHILDREN: readonly [
  table: string,
  parent: string,
  column: string,
  required: Record<string, unknown>,
][] = [
  ["cmo_funnel_stages", "cmo_funnels", "funnel_id", { stage_name: "S", stage_type: "awareness" }],
  ["cmo_campaign_channels", "cmo_campaigns", "campaign_id", { channel_name: "email" }],
  ["cmo_content_variants", "cmo_content_assets", "asset_id", { variant_name: "V" }],
];

type Row = Record<string, unknown> & { id: string };

/** As a client of the existing screens inserts: the columns it sends, the row it gets back. */
async function insert(db: Database, caller: Caller, table: string, row: object): Promise<Row> {
  const columns = Object.keys(row);
  const sql = `insert into public.${table} (${columns.join(", ")})
    values (${columns.map((_, index) => `$${index + 1}`).join(", ")}) returning *`;
  const [inserted] = await db.as<Row>(caller, sql, Object.values(row));
  if (!inserted) throw new Error(`Nothing was inserted into ${table}.`);
  return inserted;
}

function insertParent(db: Database, { owner, workspaceId }: Tenant, table: string): Promise<Row> {
  const required = CMO_TABLES.find(([name]) => name === table)?.[1] ?? {};
  return insert(db, owner, table, { workspace_id: workspaceId, ...required });
}

const count = async (db: Database, caller: Caller, table: string, id: string) =>
  (await db.as(caller, `select from public.${table} where id = $1`, [id])).length;

describe.each(CMO_TABLES)("%s", (table, required) => {
  test("an insert without tenant_id gets the workspace's tenant", () =>
    inRollback(async (db) => {
      const { owner, workspaceId, tenantId } = await createTenant(db);
      const row = await insert(db, owner, table, { workspace_id: workspaceId, ...required });
      expect(row["tenant_id"]).toBe(tenantId);
    }));

  test("members of any role read, all but viewers write, strangers see nothing", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const { id } = await insertParent(db, tenant, table);
      for (const role of ["owner", "admin", "member", "viewer"]) {
        const member = await addMember(db, tenant.workspaceId, role);
        expect(await count(db, member, table, id)).toBe(1);
        const touch = `update public.${table} set created_at = now() where id = $1 returning id`;
        expect(await db.as(member, touch, [id])).toHaveLength(role === "viewer" ? 0 : 1);
      }
      expect(await count(db, user(randomUUID()), table, id)).toBe(0);
      expect(await count(db, service, table, id)).toBe(1);
      expect((await refusalOf(count(db, anon, table, id))).code).toBe("42501");
    }));

  test("nobody writes into a workspace that is not theirs, viewers not even there", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const viewer = await addMember(db, mine.workspaceId, "viewer");
      const unknown = { ...mine, workspaceId: randomUUID() };
      for (const [caller, into] of [
        [viewer, mine],
        [mine.owner, theirs],
        [mine.owner, unknown],
        [service, mine],
      ] as const) {
        const row = { workspace_id: into.workspaceId, ...required };
        expect((await refusalOf(insert(db, caller, table, row))).code).toBe("42501");
      }
      const { id } = await insertParent(db, theirs, table);
      const steal = `update public.${table} set workspace_id = $2 where id = $1 returning id`;
      expect(await db.as(mine.owner, steal, [id, mine.workspaceId])).toEqual([]);
      expect(
        await db.as(mine.owner, `delete from public.${table} where id = $1 returning id`, [id]),
      ).toEqual([]);
    }));
});

describe.each(CHILDREN)("%s", (table, parentTable, column, required) => {
  test("a child gets workspace and tenant from its parent", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const parent = await insertParent(db, tenant, parentTable);
      const child = await insert(db, tenant.owner, table, { [column]: parent.id, ...required });
      expect(child).toMatchObject({ workspace_id: tenant.workspaceId, tenant_id: tenant.tenantId });
    }));

  test("a child under a foreign parent, or one that is not there, is refused alike", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const foreign = await insertParent(db, theirs, parentTable);
      for (const scope of [{}, { workspace_id: mine.workspaceId }]) {
        const refusals = [];
        for (const id of [foreign.id, randomUUID()]) {
          refusals.push(
            await refusalOf(insert(db, mine.owner, table, { [column]: id, ...scope, ...required })),
          );
        }
        expect(refusals[0]).toMatchObject({ code: "42501" });
        expect(refusals[0]).toEqual(refusals[1]);
      }
    }));

  test("a child cannot be moved under a foreign parent", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const parent = await insertParent(db, mine, parentTable);
      const foreign = await insertParent(db, theirs, parentTable);
      const child = await insert(db, mine.owner, table, { [column]: parent.id, ...required });
      const sql = `update public.${table} set ${column} = $2 where id = $1`;
      expect((await refusalOf(db.as(mine.owner, sql, [child.id, foreign.id]))).code).toBe("42501");
    }));

  test("even the superuser cannot hang a child under another workspace's parent", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const parent = await insertParent(db, mine, parentTable);
      const foreign = await insertParent(db, theirs, parentTable);
      const child = await insert(db, mine.owner, table, { [column]: parent.id, ...required });
      await db.query(`alter table public.${table} disable trigger fill_from_parent`);
      const sql = `update public.${table} set ${column} = $2 where id = $1`;
      expect((await refusalOf(db.query(sql, [child.id, foreign.id]))).code).toBe("23503");
    }));
});

describe("saves of the existing screens", () => {
  test("the brand is upserted on its workspace, without a tenant", () =>
    inRollback(async (db) => {
      const { owner, workspaceId, tenantId } = await createTenant(db);
      const upsert = (name: string) =>
        db.as<Row>(
          owner,
          `insert into public.cmo_brand_profiles (workspace_id, created_by, brand_name) values ($1, $2, $3)
           on conflict (workspace_id) do update set workspace_id = excluded.workspace_id,
             created_by = excluded.created_by, brand_name = excluded.brand_name returning *`,
          [workspaceId, owner.userId, name],
        );
      const [first] = await upsert("Before");
      const [second] = await upsert("After");
      expect(second).toMatchObject({ id: first?.id, brand_name: "After", tenant_id: tenantId });
    }));

  test("a tenant_id may be the tenant's, the workspace's or the caller's own id; another is refused", () =>
    inRollback(async (db) => {
      const { owner, workspaceId, tenantId } = await createTenant(db);
      const save = (tenant_id: string | null) =>
        insert(db, owner, "cmo_offers", {
          workspace_id: workspaceId,
          tenant_id,
          offer_name: "O",
          offer_type: "product",
        });
      for (const claim of [tenantId, workspaceId, owner.userId]) {
        expect((await save(claim))["tenant_id"]).toBe(tenantId);
      }
      expect(await refusalOf(save(randomUUID()))).toMatchObject({
        code: "PT403",
        message: "tenant_mismatch",
      });
    }));

  test("a row does not move between the caller's own workspaces", () =>
    inRollback(async (db) => {
      const [one, other] = [await createTenant(db), await createTenant(db)];
      await db.query(
        "insert into public.workspace_members (workspace_id, user_id) values ($1, $2)",
        [other.workspaceId, one.owner.userId],
      );
      const plan = await insertParent(db, one, "cmo_marketing_plans");
      const move = "update public.cmo_marketing_plans set workspace_id = $2 where id = $1";
      expect((await refusalOf(db.as(one.owner, move, [plan.id, other.workspaceId]))).code).toBe(
        "42501",
      );
    }));

  test("a deleted plan leaves its funnels in their workspace", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await insertParent(db, tenant, "cmo_marketing_plans");
      const values = { workspace_id: tenant.workspaceId, plan_id: plan.id, funnel_name: "F" };
      const funnel = await insert(db, tenant.owner, "cmo_funnels", values);
      await db.as(tenant.owner, "delete from public.cmo_marketing_plans where id = $1", [plan.id]);
      expect(
        await db.query("select * from public.cmo_funnels where id = $1", [funnel.id]),
      ).toMatchObject([{ plan_id: null, workspace_id: tenant.workspaceId }]);
    }));

  test("a row cannot claim to come from another workspace's run", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const { run } = await createRun(db, theirs.owner);
      const row = { workspace_id: mine.workspaceId, plan_name: "P", agent_run_id: run.id };
      expect((await refusalOf(insert(db, mine.owner, "cmo_marketing_plans", row))).code).toBe(
        "23503",
      );
    }));
});

describe("tenancy and runs", () => {
  test("a member sees their tenant, workspaces, colleagues and runs, a stranger none of them", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const viewer = await addMember(db, tenant.workspaceId, "viewer");
      const { run } = await createRun(db, tenant.owner);
      const views: [string, string][] = [
        ["select from public.tenants where id = $1", tenant.tenantId],
        ["select from public.workspaces where id = $1", tenant.workspaceId],
        ["select from public.workspace_members where workspace_id = $1", tenant.workspaceId],
        ["select from public.agent_runs where id = $1", run.id],
      ];
      for (const [sql, id] of views) {
        expect(await db.as(viewer, sql, [id])).toHaveLength(1);
        expect(await db.as(user(randomUUID()), sql, [id])).toHaveLength(0);
      }
    }));

  test("somebody who leaves the workspace sees nothing of it any more, not even their own runs", () =>
    inRollback(async (db) => {
      const { workspaceId } = await createTenant(db);
      const member = await addMember(db, workspaceId, "member");
      const { run } = await createRun(db, member);
      await db.query("delete from public.workspace_members where user_id = $1", [member.userId]);
      expect(await count(db, member, "agent_runs", run.id)).toBe(0);
    }));

  const attempts = [
    "update public.agent_runs set status = 'completed', phase = 'done', completed_at = now()",
    "delete from public.agent_runs",
    "insert into public.agent_runs (id) values (gen_random_uuid())",
    "truncate public.agent_runs",
    "update public.workers set lost_at = null",
    "update public.workspaces set owner_id = gen_random_uuid()",
    "update private.run_policy set lease = '1 hour'",
    "insert into public.workspace_members (workspace_id, user_id) values (gen_random_uuid(), gen_random_uuid())",
  ];
  test.each(attempts)("neither users nor the service key may: %s", (sql) =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      for (const caller of [anon, owner, service]) {
        expect((await refusalOf(db.as(caller, sql))).code).toBe("42501");
      }
    }),
  );
});

test("a dashboard's revenue is shown only when it is demo data or a payment provider is connected", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { owner, workspaceId } = tenant;
    for (const data_mode of ["live", "demo"]) {
      const facts = { snapshot_date: "2026-11-22", metric_type: data_mode, revenue: 10, data_mode };
      await insert(db, owner, "cmo_metrics_snapshots", { workspace_id: workspaceId, ...facts });
    }
    const read = (caller: Caller) =>
      db.as(
        caller,
        "select metric_type, revenue::int, data_quality_status from public.v_cmo_metrics_by_workspace where workspace_id = $1",
        [workspaceId],
      );
    const set = (assignment: string) =>
      db.query(`update public.workspaces set ${assignment} where id = $1`, [workspaceId]);

    expect(await read(owner)).toEqual([
      { metric_type: "live", revenue: 0, data_quality_status: "NO_STRIPE_CONNECTED" },
    ]);
    await set("stripe_connected = true");
    expect(await read(owner)).toEqual([
      { metric_type: "live", revenue: 10, data_quality_status: "LIVE_OK" },
    ]);
    await set("demo_mode = true");
    expect(await read(owner)).toEqual([
      { metric_type: "demo", revenue: 10, data_quality_status: "DEMO_MODE" },
    ]);
    expect(await read(user(randomUUID()))).toEqual([]);
  }));
