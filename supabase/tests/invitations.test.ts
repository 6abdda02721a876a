/** Invitations into a workspace: for whoever confirms the address, and nobody else. */
import { describe, expect, test } from "vitest";
import { inRollback } from "../../test/support/database.ts";
import { createRun } from "./support/ledger.ts";
import { accept, invite, list, refusal, signUp } from "./support/membership.ts";
import { createTenant } from "./support/tenant.ts";

describe("an invitation", () => {
  test("waits for whoever confirms the address, whatever its case, and is used once", () =>
    inRollback(async (db) => {
      const { owner, workspaceId } = await createTenant(db);
      const guest = await signUp(db);
      await invite(db, owner, { workspaceId, email: ` ${guest.email.toUpperCase()} ` });
      expect((await list(db, guest)).invitations).toMatchObject([
        { workspace_id: workspaceId, role: "member" },
      ]);
      expect(await refusal(createRun(db, guest))).toBe("no_workspace");
      expect((await accept(db, guest, workspaceId)).workspace).toMatchObject({
        id: workspaceId,
        role: "member",
      });
      await createRun(db, guest);
      expect(await refusal(accept(db, guest, workspaceId))).toBe("invitation_not_found");
    }));

  test("is of no use to others, nor to the address before it is confirmed", () =>
    inRollback(async (db) => {
      const { owner, workspaceId } = await createTenant(db);
      const [guest, other] = [await signUp(db), await signUp(db)];
      await invite(db, owner, { workspaceId, email: guest.email });
      expect(await refusal(accept(db, other, workspaceId))).toBe("invitation_not_found");
      await db.query("update auth.users set email_confirmed_at = null where id = $1", [
        guest.userId,
      ]);
      expect((await list(db, guest)).invitations).toEqual([]);
      expect(await refusal(accept(db, guest, workspaceId))).toBe("invitation_not_found");
    }));

  test("is answered alike whether anybody has the address", () =>
    inRollback(async (db) => {
      const { owner, workspaceId } = await createTenant(db);
      const guest = await signUp(db);
      const nobody = "nobody@cmo-kernel.test";
      const answers = [guest.email, nobody].map((email) =>
        invite(db, owner, { workspaceId, email }),
      );
      const [known, unknown] = await Promise.all(answers);
      expect(known).toEqual({ ...Object(unknown), email: guest.email });
    }));

  test("can be withdrawn, and weakens no role that its guest has", () =>
    inRollback(async (db) => {
      const { owner, workspaceId } = await createTenant(db);
      const guest = await signUp(db);
      const args = { p_workspace_id: workspaceId, p_email: guest.email };
      await invite(db, owner, { workspaceId, email: guest.email, role: "admin" });
      await db.call(owner, "withdraw_invitation", args);
      expect(await refusal(accept(db, guest, workspaceId))).toBe("invitation_not_found");
      expect(await refusal(db.call(owner, "withdraw_invitation", args))).toBe("member_not_found");

      await invite(db, owner, { workspaceId, email: guest.email, role: "admin" });
      await accept(db, guest, workspaceId);
      await invite(db, owner, { workspaceId, email: guest.email, role: "viewer" });
      expect((await accept(db, guest, workspaceId)).workspace.role).toBe("admin");
    }));

  test("is refused above the limit of a workspace", () =>
    inRollback(async (db) => {
      const { owner, workspaceId } = await createTenant(db);
      await db.query("update private.run_policy set max_invitations = 2");
      for (const name of ["a", "b", "b"])
        await invite(db, owner, { workspaceId, email: `${name}@x.test` });
      expect(await refusal(invite(db, owner, { workspaceId, email: "c@x.test" }))).toBe(
        "invitation_limit",
      );
    }));
});
