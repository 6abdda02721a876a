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
} from "../../test/support/database.ts";
import { CHILDREN, CMO_TABLES, place, placeParent } from "./support/domain-rows.ts";
import { createRun } from "./support/ledger.ts";
import { addMember, createTenant } from "./support/tenant.ts";

const count = async (db: Database, caller: Caller, table: string, id: string) =>
  (await db.as(caller, `select from public.${table} where id = $1`, [id])).length;

test.each(CMO_TABLES)(
  "a row of %s without tenant_id gets the workspace's tenant",
  (table, required) =>
    inRollback(async (db) => {
      const { workspaceId, tenantId } = await createTenant(db);
      const row = await place(db, table, { workspace_id: workspaceId, ...required });
      expect(row["tenant_id"]).toBe(tenantId);
    }),
);

describe.each(CHILDREN)("%s", (table, parentTable, column, required) => {
  test("a child gets workspace and tenant from its parent", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const parent = await placeParent(db, tenant, parentTable);
      const child = await place(db, table, { [column]: parent.id, ...required });
      expect(child).toMatchObject({ workspace_id: tenant.workspaceId, tenant_id: tenant.tenantId });
    }));

  test("not even the superuser can hang a child under another workspace's parent", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const parent = await placeParent(db, mine, parentTable);
      const foreign = await placeParent(db, theirs, parentTable);
      const child = await place(db, table, { [column]: parent.id, ...required });
      await db.query(`alter table public.${table} disable trigger fill_from_parent`);
      const sql = `update public.${table} set ${column} = $2 where id = $1`;
      expect((await refusalOf(db.query(sql, [child.id, foreign.id]))).code).toBe("23503");
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
      await place(db, "cmo_metrics_snapshots", { workspace_id: workspaceId, ...facts });
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
