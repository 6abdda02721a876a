/** How far a draft has come, and who moved it there. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { inRollback, refusalOf } from "../../test/support/database.ts";
import { addMember, createTenant } from "./support/tenant.ts";
import { edit, leave, move, placePlan, restore, versionsOf } from "./support/versions.ts";

describe("a status", () => {
  test("moves from draft to approved, published, archived and back, and it is kept who moved it", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await placePlan(db, tenant);
      for (const status of ["approved", "published", "archived", "draft"]) {
        expect(await move(db, tenant.owner, plan.id, status)).toMatchObject({ moved: true });
        expect(await move(db, tenant.owner, plan.id, status)).toMatchObject({ moved: false });
      }
      const [, ...moves] = await versionsOf(db, tenant.owner, plan.id);
      expect(moves.map(({ changed }) => changed["status"])).toEqual([
        "approved",
        "published",
        "archived",
        "draft",
      ]);
      expect(new Set(moves.map(({ user_id }) => user_id))).toEqual(new Set([tenant.owner.userId]));
    }));

  test("is refused where it skips a step, also without the function", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await placePlan(db, tenant);
      for (const status of ["published", "invented", "", null]) {
        const refusal = await refusalOf(move(db, tenant.owner, plan.id, status));
        expect(refusal).toMatchObject({ code: "PT409", message: "status_refused" });
      }
      const direct = edit(db, tenant.owner, plan, "status = 'published'");
      expect((await refusalOf(direct)).message).toBe("status_refused");
    }));

  test("that a screen has given may become any of the four", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const plan = await placePlan(db, tenant);
      await leave(db);
      await db.query("update public.cmo_marketing_plans set status = 'active' where id = $1", [
        plan.id,
      ]);
      expect(await move(db, tenant.owner, plan.id, "published")).toMatchObject({ moved: true });
    }));

  test("is had by some tables alone", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      for (const p_table of ["workspaces", "cmo_brand_profiles", "x; drop table y", null]) {
        const attempt = db.call(tenant.owner, "move_status", {
          p_table,
          p_row_id: tenant.workspaceId,
          p_status: "approved",
        });
        expect((await refusalOf(attempt)).message).toBe("invalid_request");
      }
    }));
});

test("a row is nobody else's to move or restore, nor a viewer's", () =>
  inRollback(async (db) => {
    const [tenant, other] = [await createTenant(db), await createTenant(db)];
    const plan = await placePlan(db, tenant);
    await edit(db, tenant.owner, plan, "plan_name = 'Two'");
    const viewer = await addMember(db, tenant.workspaceId, "viewer");
    for (const [caller, code] of [
      [other.owner, "row_not_found"],
      [viewer, "role_forbidden"],
    ] as const) {
      expect((await refusalOf(move(db, caller, plan.id, "approved"))).message).toBe(code);
      expect((await refusalOf(restore(db, caller, plan.id, 1))).message).toBe(code);
    }
    expect((await refusalOf(move(db, other.owner, randomUUID(), "approved"))).message).toBe(
      "row_not_found",
    );
  }));
