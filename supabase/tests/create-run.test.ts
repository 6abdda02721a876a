import { randomUUID } from "node:crypto";
import { newRunId } from "@cmo/shared/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  anon,
  type Database,
  inRollback,
  openDatabase,
  refusalOf,
  service,
} from "./support/database.ts";
import { createRun, finalize, startRun } from "./support/ledger.ts";
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

  test("none can be guessed among several without a default: the caller's are named", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const other = await addWorkspace(db, { ...tenant, ownerId: tenant.owner.userId ?? "" });
      const { code, message, detail } = await refusalOf(createRun(db, tenant.owner));

      expect({ code, message }).toEqual({ code: "PT400", message: "workspace_required" });
      const named = [tenant.workspaceId, other].map((id) => ({ id, name: "Test workspace" }));
      expect(JSON.parse(detail ?? "")).toEqual({ workspaces: expect.arrayContaining(named) });
    }));

  test("a foreign workspace and one that does not exist are refused alike", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      for (const p_workspace_id of [theirs.workspaceId, randomUUID()]) {
        expect(await refusalOf(createRun(db, mine.owner, { p_workspace_id }))).toMatchObject({
          code: "PT403",
          message: "workspace_forbidden",
        });
      }
    }));

  test("viewers may not run, members may", () =>
    inRollback(async (db) => {
      const { workspaceId } = await createTenant(db);
      const viewer = await addMember(db, workspaceId, "viewer");
      expect((await refusalOf(createRun(db, viewer))).message).toBe("role_forbidden");
      for (const role of ["owner", "admin", "member"]) {
        const member = await addMember(db, workspaceId, role);
        expect((await createRun(db, member)).created).toBe(true);
      }
    }));

  test("a tenant claim may name the tenant, the workspace or the caller, and nothing else", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const other = await createTenant(db);
      for (const claim of [tenant.tenantId, tenant.workspaceId, tenant.owner.userId]) {
        const { run } = await createRun(db, tenant.owner, { p_tenant_claim: claim });
        expect(run.tenant_id).toBe(tenant.tenantId);
      }
      const foreign = createRun(db, tenant.owner, { p_tenant_claim: other.tenantId });
      expect(await refusalOf(foreign)).toMatchObject({ code: "PT403", message: "tenant_mismatch" });
    }));
});

describe("what the database refuses even when the API is bypassed", () => {
  const refused: [string, Record<string, unknown>, string, string][] = [
    ["an unknown mode", { p_mode: "poetry" }, "PT400", "unknown_mode"],
    ["an unknown rate limit policy", { p_on_rate_limit: "beg" }, "PT400", "invalid_request"],
    ["an empty key", { p_idempotency_key: "" }, "PT400", "invalid_idempotency_key"],
    ["a key of two lines", { p_idempotency_key: "a\nb" }, "PT400", "invalid_idempotency_key"],
    ["a key too long", { p_idempotency_key: "k".repeat(256) }, "PT400", "invalid_idempotency_key"],
    [
      "a key in another alphabet",
      { p_idempotency_key: "клю\u0447" },
      "PT400",
      "invalid_idempotency_key",
    ],
    ["no id", { p_id: null }, "PT400", "invalid_request"],
    ["an id that does not sort by time", { p_id: randomUUID() }, "PT400", "invalid_request"],
    ["a retry of an unknown run", { p_retry_of: randomUUID() }, "PT404", "run_not_found"],
  ];
  test.each(refused)("%s", (_what, args, code, message) =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      expect(await refusalOf(createRun(db, tenant.owner, args))).toMatchObject({ code, message });
    }),
  );

  test("callers who are nobody, or the service key", () =>
    inRollback(async (db) => {
      const nobody = { role: "authenticated", userId: null } as const;
      expect(await refusalOf(createRun(db, nobody))).toMatchObject({ code: "PT401" });
      for (const caller of [anon, service]) {
        expect(await refusalOf(createRun(db, caller))).toMatchObject({ code: "42501" });
      }
    }));

  test("a retry of a run that goes on, or of another workspace's", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const { runId } = await startRun(db, mine);
      const retry = (tenant: Tenant) => createRun(db, tenant.owner, { p_retry_of: runId });

      expect((await refusalOf(retry(mine))).message).toBe("run_not_finished");
      expect((await refusalOf(retry(theirs))).message).toBe("run_not_found");
      await finalize(db, { runId });
      expect((await retry(mine)).run.retry_of).toBe(runId);
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

  test("the same key for another request is refused", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const p_idempotency_key = key();
      await createRun(db, tenant.owner, { p_idempotency_key });
      for (const other of [{ p_input: { a: 1 } }, { p_mode: "content" }, { p_save: true }]) {
        const repeat = createRun(db, tenant.owner, { p_idempotency_key, ...other });
        expect(await refusalOf(repeat)).toMatchObject({
          code: "PT422",
          message: "idempotency_mismatch",
        });
      }
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

  test("somebody who has left the workspace is not answered with the run they had there", () =>
    inRollback(async (db) => {
      const { workspaceId: p_workspace_id } = await createTenant(db);
      const member = await addMember(db, p_workspace_id, "member");
      const request = { p_id: newRunId(), p_workspace_id, p_idempotency_key: key() };
      await createRun(db, member, request);
      await db.query("delete from public.workspace_members where user_id = $1", [member.userId]);
      expect((await refusalOf(createRun(db, member, request))).message).toBe("workspace_forbidden");
    }));

  test("the same id answers its own caller with the run, and tells others only that it is taken", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const p_id = newRunId();
      await createRun(db, mine.owner, { p_id });
      expect((await createRun(db, mine.owner, { p_id })).created).toBe(false);
      const taken = createRun(db, theirs.owner, { p_id });
      expect(await refusalOf(taken)).toMatchObject({
        code: "PT409",
        message: "id_taken",
        detail: undefined,
      });
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
