/** What is kept of a row when somebody changes it, and how it comes back. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Database, inRollback, refusalOf } from "../../test/support/database.ts";
import {
  CHILDREN,
  CMO_TABLES,
  insert,
  place,
  placeParent,
  type Row,
} from "./support/domain-rows.ts";
import { createRun } from "./support/ledger.ts";
import { addMember, createTenant, type Tenant } from "./support/tenant.ts";
import { edit, leave, move, placePlan, restore, sum, versionsOf } from "./support/versions.ts";

const NAME_COLUMNS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(CMO_TABLES.map(([table, row]) => [table, Object.keys(row)[0] ?? ""])),
  ...Object.fromEntries(CHILDREN.map(([table, , , row]) => [table, Object.keys(row)[0] ?? ""])),
};

async function placeAny(db: Database, tenant: Tenant, table: string): Promise<Row> {
  const child = CHILDREN.find(([name]) => name === table);
  if (!child) return placeParent(db, tenant, table);
  const [, parent, column, required] = child;
  const { id } = await placeParent(db, tenant, parent);
  return place(db, table, { [column]: id, ...required });
}

describe("an edit", () => {
  test("keeps what was there, signed by the run that had saved it", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await placePlan(db, tenant);
      const member = await addMember(db, tenant.workspaceId, "member");
      await edit(db, member, plan, "executive_summary = 'By a person.', plan_name = plan_name");
      const [first, second, ...rest] = await versionsOf(db, tenant.owner, plan.id);
      expect(rest).toEqual([]);
      expect(first).toMatchObject({ number: 1, agent_run_id: plan.runId, user_id: null });
      expect(first?.changed).toMatchObject({
        plan_name: "Spring",
        executive_summary: "By the run.",
        start_date: null,
      });
      expect(second).toMatchObject({
        number: 2,
        changed: { executive_summary: "By a person." },
        user_id: member.userId,
        agent_run_id: null,
      });
    }));

  test("that changes nothing makes no version", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await placePlan(db, tenant);
      await edit(db, tenant.owner, plan, "plan_name = plan_name");
      expect(await versionsOf(db, tenant.owner, plan.id)).toEqual([]);
    }));

  test("by a run is signed by the run, and what a person wrote stays", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const { run } = await createRun(db, tenant.owner);
      const offer = await insert(db, tenant.owner, "cmo_offers", {
        workspace_id: tenant.workspaceId,
        offer_name: "O",
        offer_type: "product",
        description: "By a person.",
      });
      await leave(db);
      await db.query(
        "update public.cmo_offers set description = 'By a run.', agent_run_id = $2 where id = $1",
        [offer.id, run.id],
      );
      const [first, second] = await versionsOf(db, tenant.owner, offer.id);
      expect(first).toMatchObject({ user_id: tenant.owner.userId, agent_run_id: null });
      expect(first?.changed).toMatchObject({ description: "By a person." });
      expect(second).toMatchObject({ user_id: null, agent_run_id: run.id });
    }));

  test("makes an approved row a draft again", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await placePlan(db, tenant);
      await move(db, tenant.owner, plan.id, "approved");
      await edit(db, tenant.owner, plan, "plan_name = plan_name");
      expect(await sum(db, plan.id)).toMatchObject({ status: "approved" });
      await edit(db, tenant.owner, plan, "plan_name = 'Summer'");
      expect(await sum(db, plan.id)).toMatchObject({ status: "draft", plan_name: "Summer" });
    }));

  test("keeps its id, its creator and its run", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await placePlan(db, tenant);
      const colleague = await addMember(db, tenant.workspaceId, "member");
      for (const set of [
        `id = '${randomUUID()}'`,
        "created_at = now() - interval '1 year'",
        `created_by = '${randomUUID()}'`,
        "agent_run_id = null",
      ]) {
        expect((await refusalOf(edit(db, colleague, plan, set))).code).toBe("42501");
      }
    }));

  test.each(Object.entries(NAME_COLUMNS).filter(([table]) => table !== "cmo_metrics_snapshots"))(
    "of %s is kept",
    (table, column) =>
      inRollback(async (db) => {
        const tenant = await createTenant(db);
        const { id } = await placeAny(db, tenant, table);
        await db.query(`update public.${table} set ${column} = 'changed' where id = $1`, [id]);
        const numbers = (await versionsOf(db, tenant.owner, id)).map(({ number }) => number);
        expect(numbers).toEqual([1, 2]);
      }),
  );
});

describe("versions", () => {
  test("come back, as a version of their own, without their status", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await placePlan(db, tenant);
      await edit(db, tenant.owner, plan, "executive_summary = 'Two.'");
      await edit(db, tenant.owner, plan, "executive_summary = 'Three.', plan_name = 'Summer'");
      await move(db, tenant.owner, plan.id, "approved");
      expect(await restore(db, tenant.owner, plan.id, 2)).toMatchObject({ number: 5 });
      expect(await sum(db, plan.id)).toMatchObject({
        plan_name: "Spring",
        executive_summary: "Two.",
        status: "draft",
        agent_run_id: plan.runId,
      });
      const last = (await versionsOf(db, tenant.owner, plan.id)).at(-1);
      expect(last).toMatchObject({ restored_from: 2, user_id: tenant.owner.userId });
      expect(await restore(db, tenant.owner, plan.id, 2)).toMatchObject({ number: 5 });
      await restore(db, tenant.owner, plan.id, 1);
      expect(await sum(db, plan.id)).toMatchObject({ executive_summary: "By the run." });
    }));

  test("of a number that is not there are refused", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await placePlan(db, tenant);
      const attempt = (number: number) => refusalOf(restore(db, tenant.owner, plan.id, number));
      expect((await attempt(1)).message).toBe("row_not_found");
      await edit(db, tenant.owner, plan, "plan_name = 'Two'");
      for (const number of [0, 3, -1]) {
        expect((await attempt(number)).message).toBe("version_not_found");
      }
    }));

  test("that belong to a deleted parent are refused with the reason", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await placePlan(db, tenant);
      const funnel = await insert(db, tenant.owner, "cmo_funnels", {
        workspace_id: tenant.workspaceId,
        plan_id: plan.id,
        funnel_name: "F",
      });
      await leave(db);
      await db.query("delete from public.cmo_marketing_plans where id = $1", [plan.id]);
      const back = db.call(tenant.owner, "restore_version", {
        p_table: "cmo_funnels",
        p_row_id: funnel.id,
        p_number: 1,
      });
      expect(await refusalOf(back)).toMatchObject({ code: "PT409", message: "version_refused" });
      expect(await versionsOf(db, tenant.owner, funnel.id)).toMatchObject([
        { number: 1, user_id: tenant.owner.userId },
        { number: 2, changed: { plan_id: null }, user_id: null, agent_run_id: null },
      ]);
    }));

  test("are folded into one above the limit, and lose nothing of the rest", () =>
    inRollback(async (db) => {
      await db.query("update private.run_policy set max_versions_per_row = 3");
      const tenant = await createTenant(db);
      const plan = await placePlan(db, tenant);
      await edit(db, tenant.owner, plan, "executive_summary = 'Changed once.'");
      for (const name of ["A", "B", "C", "D"]) {
        await edit(db, tenant.owner, plan, `plan_name = '${name}'`);
      }
      const numbers = (await versionsOf(db, tenant.owner, plan.id)).map(({ number }) => number);
      expect(numbers).toEqual([4, 5, 6]);
      await restore(db, tenant.owner, plan.id, 5);
      expect(await sum(db, plan.id)).toMatchObject({
        plan_name: "C",
        executive_summary: "Changed once.",
      });
    }));

  test("are read by members, and written by nobody", () =>
    inRollback(async (db) => {
      const [tenant, other] = [await createTenant(db), await createTenant(db)];
      const plan = await placePlan(db, tenant);
      await edit(db, tenant.owner, plan, "plan_name = 'Two'");
      const viewer = await addMember(db, tenant.workspaceId, "viewer");
      expect(await versionsOf(db, viewer, plan.id)).toHaveLength(2);
      expect(await versionsOf(db, other.owner, plan.id)).toEqual([]);
      for (const verb of [
        "update public.cmo_versions set number = 9",
        "delete from public.cmo_versions",
      ]) {
        expect((await refusalOf(db.as(tenant.owner, verb))).code).toBe("42501");
      }
    }));
});
