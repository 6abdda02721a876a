/** What the existing screens save with their user's session, and what they cannot. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { inRollback, refusalOf } from "../../test/support/database.ts";
import { CMO_TABLES, insert, place, placeParent, type Row } from "./support/domain-rows.ts";
import { createRun } from "./support/ledger.ts";
import { addMember, createTenant } from "./support/tenant.ts";

const SAVED_BY_SCREENS = [
  "cmo_brand_profiles",
  "cmo_icp_segments",
  "cmo_offers",
  "cmo_marketing_plans",
  "cmo_funnels",
];

describe.each(SAVED_BY_SCREENS)("%s", (table) => {
  const required = CMO_TABLES.find(([name]) => name === table)?.[1] ?? {};

  test("a workspace that does not exist refuses as a foreign one does", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const refusals = [];
      for (const workspace_id of [theirs.workspaceId, randomUUID()]) {
        refusals.push(
          await refusalOf(insert(db, mine.owner, table, { workspace_id, ...required })),
        );
      }
      expect(refusals[0]).toMatchObject({ code: "42501" });
      expect(refusals[0]).toEqual(refusals[1]);
    }));

  test("nobody signs for somebody else", () =>
    inRollback(async (db) => {
      const { owner, workspaceId: workspace_id } = await createTenant(db);
      const colleague = await addMember(db, workspace_id, "member");
      const row = { workspace_id, created_by: colleague.userId, ...required };
      expect((await refusalOf(insert(db, owner, table, row))).code).toBe("42501");
      const own = await insert(db, owner, table, { workspace_id, ...required });
      expect(own["created_by"]).toBe(owner.userId);
    }));
});

test("a stage under a foreign funnel, or one that is not there, is refused alike", () =>
  inRollback(async (db) => {
    const [mine, theirs] = [await createTenant(db), await createTenant(db)];
    const foreign = await placeParent(db, theirs, "cmo_funnels");
    const stage = { stage_name: "S", stage_type: "awareness" };
    for (const scope of [{}, { workspace_id: mine.workspaceId }]) {
      const refusals = [];
      for (const funnel_id of [foreign.id, randomUUID()]) {
        const row = { funnel_id, ...scope, ...stage };
        refusals.push(await refusalOf(insert(db, mine.owner, "cmo_funnel_stages", row)));
      }
      expect(refusals[0]).toMatchObject({ code: "42501" });
      expect(refusals[0]).toEqual(refusals[1]);
    }
  }));

test.each([
  ["cmo_brand_profiles", { brand_name: "B" }],
  ["cmo_icp_segments", { segment_name: "S" }],
  ["cmo_offers", { offer_name: "O", offer_type: "product" }],
  ["cmo_marketing_plans", { plan_name: "P" }],
  ["cmo_funnels", { funnel_name: "F" }],
])("a row of %s that names a run was saved by that run", (table, required) =>
  inRollback(async (db) => {
    const { owner, workspaceId: workspace_id } = await createTenant(db);
    const { run } = await createRun(db, owner);
    const row = { workspace_id, agent_run_id: run.id, ...required };
    expect((await refusalOf(insert(db, owner, table, row))).code).toBe("42501");
  }),
);

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
      const brand = await placeParent(db, one, "cmo_brand_profiles");
      const move = "update public.cmo_brand_profiles set workspace_id = $2 where id = $1";
      expect((await refusalOf(db.as(one.owner, move, [brand.id, other.workspaceId]))).code).toBe(
        "42501",
      );
    }));

  test("a brand is edited by any who may run, and signed by nobody but its editor", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const brand = await insert(db, tenant.owner, "cmo_brand_profiles", {
        workspace_id: tenant.workspaceId,
        brand_name: "B",
      });
      const member = await addMember(db, tenant.workspaceId, "member");
      const edit = (set: string, value: unknown) =>
        db.as<Row>(
          member,
          `update public.cmo_brand_profiles set ${set} = $2 where id = $1 returning *`,
          [brand.id, value],
        );
      expect(await edit("tagline", "T")).toMatchObject([{ created_by: tenant.owner.userId }]);
      expect(await edit("created_by", member.userId)).toHaveLength(1);
      const forged = await refusalOf(edit("created_by", tenant.owner.userId));
      expect(forged.code).toBe("42501");
      const { run } = await createRun(db, member);
      expect((await refusalOf(edit("agent_run_id", run.id))).code).toBe("42501");
    }));

  test("a recommendation's progress is the caller's to note, and nothing else of it", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const { id } = await placeParent(db, tenant, "cmo_recommendations");
      const edit = (set: string) =>
        db.as(
          tenant.owner,
          `update public.cmo_recommendations set ${set} where id = $1 returning id`,
          [id],
        );
      expect(await edit("status = 'implemented', implemented_at = now()")).toHaveLength(1);
      for (const set of ["title = 'T'", "campaign_id = null", "agent_run_id = null"]) {
        expect((await refusalOf(edit(set))).code).toBe("42501");
      }
    }));

  test("whose workspace is whose cannot be tried out by claiming tenants", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const funnel = await placeParent(db, theirs, "cmo_funnels");
      const refusals = [];
      for (const tenant_id of [theirs.tenantId, randomUUID()]) {
        const offer = { offer_name: "O", offer_type: "product", tenant_id };
        const row = { workspace_id: theirs.workspaceId, ...offer };
        refusals.push(await refusalOf(insert(db, mine.owner, "cmo_offers", row)));
        const stage = { stage_name: "S", stage_type: "awareness", tenant_id };
        const child = { funnel_id: funnel.id, ...stage };
        refusals.push(await refusalOf(insert(db, mine.owner, "cmo_funnel_stages", child)));
      }
      expect(refusals.slice(0, 2)).toEqual(refusals.slice(2));
      expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(["42501"]));
    }));

  test("a deleted plan leaves its funnels in their workspace", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await placeParent(db, tenant, "cmo_marketing_plans");
      const values = { workspace_id: tenant.workspaceId, plan_id: plan.id, funnel_name: "F" };
      const funnel = await insert(db, tenant.owner, "cmo_funnels", values);
      await db.query("delete from public.cmo_marketing_plans where id = $1", [plan.id]);
      expect(
        await db.query("select * from public.cmo_funnels where id = $1", [funnel.id]),
      ).toMatchObject([{ plan_id: null, workspace_id: tenant.workspaceId }]);
    }));

  test("a row cannot claim to come from another workspace's run", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const { run } = await createRun(db, theirs.owner);
      const row = { workspace_id: mine.workspaceId, plan_name: "P", agent_run_id: run.id };
      expect((await refusalOf(place(db, "cmo_marketing_plans", row))).code).toBe("23503");
    }));
});
