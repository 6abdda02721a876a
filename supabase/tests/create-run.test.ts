import { randomUUID } from "node:crypto";
import { newRunId } from "@cmo/shared/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, inRollback, openDatabase } from "../../test/support/database.ts";
import { createRun } from "./support/ledger.ts";
import {
  addMember,
  addWorkspace,
  createTenant,
  deleteTenant,
  type Tenant,
} from "./support/tenant.ts";

const key = () => randomUUID();

test("an accepted run is queued, belongs to its caller and derives agent and tenant", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { created, run } = await createRun(db, tenant.owner, { p_input: { goal: "leads" } });

    expect(created).toBe(true);
    expect(run).toMatchObject({
      status: "running",
      phase: "queued",
      attempt: 0,
      agent: "cmo-funnel-architect",
      tenant_id: tenant.tenantId,
      workspace_id: tenant.workspaceId,
      created_by: tenant.owner.userId,
      input: { goal: "leads" },
      save_artifacts: false,
      on_rate_limit: "wait",
    });
  }));

describe("which workspace is meant", () => {
  test("the caller's default one, when they have several", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const ownerId = tenant.owner.userId ?? "";
      const usual = await addWorkspace(db, { ...tenant, ownerId, isDefault: true });
      expect((await createRun(db, tenant.owner)).run.workspace_id).toBe(usual);
    }));

  test("owners, admins and members may run", () =>
    inRollback(async (db) => {
      const { workspaceId } = await createTenant(db);
      for (const role of ["owner", "admin", "member"]) {
        const member = await addMember(db, workspaceId, role);
        expect((await createRun(db, member)).created).toBe(true);
      }
    }));

  test("a tenant claim may name the tenant, the workspace or the caller", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      for (const claim of [tenant.tenantId, tenant.workspaceId, tenant.owner.userId]) {
        const { run } = await createRun(db, tenant.owner, { p_tenant_claim: claim });
        expect(run.tenant_id).toBe(tenant.tenantId);
      }
    }));
});

describe("asking twice is accepting once", () => {
  test("the same key and request answer with the same run", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const p_idempotency_key = key();
      const first = await createRun(db, tenant.owner, {
        p_idempotency_key,
        p_input: { a: 1, b: 2 },
      });
      const again = await createRun(db, tenant.owner, {
        p_idempotency_key,
        p_input: { b: 2, a: 1 },
      });
      expect(again.created).toBe(false);
      expect(again.run).toEqual(first.run);
    }));

  test("a key belongs to one caller: another's use of it is another run", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const colleague = await addMember(db, tenant.workspaceId, "member");
      const p_idempotency_key = key();
      const first = await createRun(db, tenant.owner, { p_idempotency_key });
      const theirs = await createRun(db, colleague, { p_idempotency_key });
      expect(theirs.created).toBe(true);
      expect(theirs.run.id).not.toBe(first.run.id);
    }));

  test("a repeat means the workspace it meant before, though the caller has more by now", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const p_idempotency_key = key();
      const first = await createRun(db, tenant.owner, { p_idempotency_key });
      await addWorkspace(db, { ...tenant, ownerId: tenant.owner.userId ?? "" });
      const again = await createRun(db, tenant.owner, { p_idempotency_key });
      expect(again.run.id).toBe(first.run.id);
    }));

  test("a repeat is answered with its run though its caller may start none now", () =>
    inRollback(async (db) => {
      const { workspaceId: p_workspace_id } = await createTenant(db);
      const member = await addMember(db, p_workspace_id, "member");
      const request = { p_workspace_id, p_idempotency_key: key() };
      const first = await createRun(db, member, request);
      await db.query("update public.workspace_members set role = 'viewer' where user_id = $1", [
        member.userId,
      ]);
      expect(await createRun(db, member, request)).toEqual({ created: false, run: first.run });
    }));

  test("the same id answers its caller with the run", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const p_id = newRunId();
      await createRun(db, owner, { p_id });
      expect((await createRun(db, owner, { p_id })).created).toBe(false);
    }));
});

describe("fifty at once", () => {
  let connections: Database[];
  let tenant: Tenant;
  const first = () => {
    const [db] = connections;
    if (!db) throw new Error("There is no connection.");
    return db;
  };

  beforeEach(async () => {
    connections = await Promise.all(Array.from({ length: 25 }, openDatabase));
    tenant = await createTenant(first());
  });
  afterEach(async () => {
    await deleteTenant(first(), tenant);
    await Promise.all(connections.map((db) => db.close()));
  });

  test("of parallel requests with one key, one creates and all answer with its run", async () => {
    const p_idempotency_key = key();
    const submit = (db: Database) => createRun(db, tenant.owner, { p_idempotency_key });
    const twice = async (db: Database) => [await submit(db), await submit(db)];
    const answers = (await Promise.all(connections.map(twice))).flat();

    expect(answers).toHaveLength(50);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
  });
});
