/** How users get workspaces, and other users into them: who may, who may not, and what stays. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Database, inRollback, openDatabase, refusalOf } from "../../test/support/database.ts";
import { createRun } from "./support/ledger.ts";
import { change, create, invite, list, refusal, remove, signUp } from "./support/membership.ts";
import { addMember, createTenant, type Tenant } from "./support/tenant.ts";

describe("a new user", () => {
  test("has no workspace, creates one, and runs in it without naming it", () =>
    inRollback(async (db) => {
      const newcomer = await signUp(db);
      expect(await refusal(createRun(db, newcomer))).toBe("no_workspace");
      expect(await list(db, newcomer)).toEqual({ workspaces: [], invitations: [] });
      const { workspace } = await create(db, newcomer, {
        p_time_zone: "Europe/Berlin",
        p_currency: "EUR",
        p_language: "de-AT",
      });
      expect(workspace).toMatchObject({
        name: "Café Jörg & Söhne",
        role: "owner",
        is_default: true,
        time_zone: "Europe/Berlin",
        currency: "EUR",
        language: "de-AT",
      });
      expect((await list(db, newcomer)).workspaces).toEqual([workspace]);
      const { run } = await createRun(db, newcomer);
      expect(run).toMatchObject({ workspace_id: workspace.id, tenant_id: workspace.tenant_id });
    }));

  test.each([
    [{ p_name: " " }, "name: Must be 1 to"],
    [{ p_name: "x".repeat(501) }, "name: Must be 1 to"],
    [{ p_time_zone: "Mars/Olympus" }, "time_zone: Must be an IANA time zone"],
    [{ p_currency: "euro" }, "currency: Must be an ISO 4217 code"],
    [{ p_language: "deutsch!" }, "language: Must be a BCP 47 tag"],
  ])("is told what is wrong with %j", (args, sentence) =>
    inRollback(async (db) => {
      const { message, detail } = await refusalOf(create(db, await signUp(db), args));
      expect(message).toBe("invalid_request");
      const [issue] = JSON.parse(detail ?? "{}").issues;
      expect(`${issue.path}: ${issue.message}`).toContain(sentence);
    }),
  );

  test("adds a workspace to their own tenant, and to no other", () =>
    inRollback(async (db) => {
      const [newcomer, foreign] = [await signUp(db), await createTenant(db)];
      const { workspace } = await create(db, newcomer);
      const second = await create(db, newcomer, { p_tenant_id: workspace.tenant_id });
      expect(second.workspace).toMatchObject({ tenant_id: workspace.tenant_id, is_default: false });
      for (const p_tenant_id of [foreign.tenantId, randomUUID()]) {
        expect(await refusal(create(db, newcomer, { p_tenant_id }))).toBe("membership_forbidden");
      }
      const admin = await addMember(db, foreign.workspaceId, "admin");
      const theirs = create(db, admin, { p_tenant_id: foreign.tenantId });
      expect(await refusal(theirs)).toBe("membership_forbidden");
    }));

  test("owns as many workspaces as the policy allows, also when they are asked for at once", async () => {
    const connections = await Promise.all(Array.from({ length: 4 }, () => openDatabase()));
    const [db] = connections;
    if (!db) throw new Error("There is no connection.");
    try {
      const newcomer = await signUp(db);
      const [policy] = await db.query<{ most: number }>(
        "select max_workspaces_per_user as most from private.run_policy",
      );
      const most = policy?.most ?? 0;
      const attempts = connections.flatMap((connection) =>
        Array.from({ length: most }, () => create(connection, newcomer)),
      );
      const settled = await Promise.allSettled(attempts);
      expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(most);
      expect(await refusal(create(db, newcomer))).toBe("workspace_limit");
      await db.query(
        `delete from public.tenants where id in
           (select tenant_id from public.workspaces where owner_id = $1)`,
        [newcomer.userId],
      );
    } finally {
      await Promise.all(connections.map((connection) => connection.close()));
    }
  });
});

describe("roles", () => {
  /** Who may give which role to whom: rows act, columns are the role before and after. */
  test.each([
    ["owner", "member", "admin", "yes"],
    ["owner", "admin", "owner", "yes"],
    ["admin", "member", "viewer", "yes"],
    ["admin", "viewer", "member", "yes"],
    ["admin", "member", "admin", "membership_forbidden"],
    ["admin", "admin", "member", "membership_forbidden"],
    ["admin", "owner", "member", "membership_forbidden"],
    ["member", "viewer", "member", "membership_forbidden"],
    ["viewer", "viewer", "member", "membership_forbidden"],
    ["other", "viewer", "member", "workspace_forbidden"],
  ])("%s changes %s to %s: %s", (actor, before, after, expected) =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const caller = await callerIn(db, tenant, actor);
      const { userId } = await addMember(db, tenant.workspaceId, before);
      const attempt = change(db, caller, { workspaceId: tenant.workspaceId, userId, role: after });
      expect(await attempt.then(() => "yes", messageOf)).toBe(expected);
    }),
  );

  test.each(["viewer", "member", "admin"])("a %s cannot raise their own role", (role) =>
    inRollback(async (db) => {
      const { workspaceId } = await createTenant(db);
      const caller = await addMember(db, workspaceId, role);
      const attempt = change(db, caller, { workspaceId, userId: caller.userId, role: "owner" });
      expect(await refusal(attempt)).toBe("membership_forbidden");
      expect(
        await refusal(invite(db, caller, { workspaceId, email: "me@x.test", role: "owner" })),
      ).toBe("membership_forbidden");
    }),
  );

  test("an unknown role and an unknown member are refused", () =>
    inRollback(async (db) => {
      const { owner, workspaceId } = await createTenant(db);
      const { userId } = await addMember(db, workspaceId, "member");
      expect(await refusal(change(db, owner, { workspaceId, userId, role: "king" }))).toBe(
        "invalid_request",
      );
      const stranger = change(db, owner, { workspaceId, userId: randomUUID(), role: "member" });
      expect(await refusal(stranger)).toBe("member_not_found");
      expect(await refusal(remove(db, owner, { workspaceId, userId: randomUUID() }))).toBe(
        "member_not_found",
      );
    }));
});

describe("the last owner", () => {
  test("stays, by whatever way", () =>
    inRollback(async (db) => {
      const { owner, workspaceId } = await createTenant(db);
      await addMember(db, workspaceId, "admin");
      expect(await refusal(remove(db, owner, { workspaceId, userId: owner.userId }))).toBe(
        "last_owner",
      );
      const down = change(db, owner, { workspaceId, userId: owner.userId, role: "admin" });
      expect(await refusal(down)).toBe("last_owner");
    }));

  test("may leave once there is another, who then owns the workspace", () =>
    inRollback(async (db) => {
      const { owner, workspaceId } = await createTenant(db);
      const heir = await addMember(db, workspaceId, "owner");
      await remove(db, owner, { workspaceId, userId: owner.userId });
      expect((await list(db, owner)).workspaces).toEqual([]);
      const [row] = await db.query<{ owner_id: string }>(
        "select owner_id from public.workspaces where id = $1",
        [workspaceId],
      );
      expect(row?.owner_id).toBe(heir.userId);
      expect(await refusal(remove(db, heir, { workspaceId, userId: heir.userId }))).toBe(
        "last_owner",
      );
    }));

  test("two owners who remove each other at once leave one", async () => {
    const [one, two] = await Promise.all([openDatabase(), openDatabase()]);
    try {
      const { owner, workspaceId, tenantId } = await createTenant(one);
      const other = await addMember(one, workspaceId, "owner");
      const settled = await Promise.allSettled([
        remove(one, owner, { workspaceId, userId: other.userId }),
        remove(two, other, { workspaceId, userId: owner.userId }),
      ]);
      expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      await one.query("delete from public.tenants where id = $1", [tenantId]);
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });
});

test("a member who is removed or leaves sees nothing any more", () =>
  inRollback(async (db) => {
    const { owner, workspaceId } = await createTenant(db);
    const [removed, leaving] = [
      await addMember(db, workspaceId, "member"),
      await addMember(db, workspaceId, "viewer"),
    ];
    await remove(db, owner, { workspaceId, userId: removed.userId });
    await remove(db, leaving, { workspaceId, userId: leaving.userId });
    for (const caller of [removed, leaving]) {
      expect((await list(db, caller)).workspaces).toEqual([]);
      expect(await refusal(remove(db, caller, { workspaceId, userId: owner.userId }))).toBe(
        "workspace_forbidden",
      );
    }
  }));

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function callerIn(db: Database, { owner, workspaceId }: Tenant, role: string) {
  if (role === "owner") return owner;
  if (role === "other") return (await createTenant(db)).owner;
  return addMember(db, workspaceId, role);
}
