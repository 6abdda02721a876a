/** Keys stand for a run or a pipeline for a day; then they are forgotten, and what they stood for is not. */
import { describe, expect, test } from "vitest";
import { type Database, inRollback, refusalOf } from "../../test/support/database.ts";
import { createRun, readRun, startElder, sweep } from "./support/ledger.ts";
import { createPipeline } from "./support/pipelines.ts";
import { addWorkspace, createTenant } from "./support/tenant.ts";

const KEY = { p_idempotency_key: "once" };

async function countKeys(db: Database): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    "select count(*)::int as count from private.idempotency_keys where key = 'once'",
  );
  return row?.count ?? 0;
}

function expireKeys(db: Database): Promise<unknown> {
  return db.query("update private.idempotency_keys set expires_at = now() where key = 'once'");
}

test("a key is kept for at least a day", () =>
  inRollback(async (db) => {
    const { owner } = await createTenant(db);
    await createRun(db, owner, KEY);
    const [kept] = await db.query<{ long: boolean }>(
      `select expires_at >= now() + interval '24 hours' as long
       from private.idempotency_keys where key = 'once'`,
    );
    expect(kept).toEqual({ long: true });
  }));

describe("an expired key", () => {
  test("is free for another request, whether the sweep has come by or not", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const first = await createRun(db, owner, KEY);
      await expireKeys(db);
      const second = await createRun(db, owner, { ...KEY, p_input: { a: 1 } });
      expect(second.created).toBe(true);
      expect(second.run.id).not.toBe(first.run.id);

      // From then on it stands for the second.
      const repeat = await createRun(db, owner, { ...KEY, p_input: { a: 1 } });
      expect(repeat).toMatchObject({ created: false, run: { id: second.run.id } });
      expect((await refusalOf(createRun(db, owner, KEY))).message).toBe("idempotency_mismatch");
    }));

  test("is free for another pipeline", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const first = await createPipeline(db, owner, KEY);
      await expireKeys(db);
      const second = await createPipeline(db, owner, KEY);
      expect(second.created).toBe(true);
      expect(second.pipeline.id).not.toBe(first.pipeline.id);
    }));

  test("is removed by the sweep, and its run stays", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const { run } = await createRun(db, owner, KEY);
      await sweep(db, await startElder(db));
      expect(await countKeys(db)).toBe(1);
      await expireKeys(db);
      await sweep(db, await startElder(db));
      expect(await countKeys(db)).toBe(0);
      expect((await readRun(db, run.id)).status).toBe("running");
    }));

  test("one sweep removes no more than a batch", () =>
    inRollback(async (db) => {
      await db.query("update private.run_policy set sweep_batch = 2");
      for (let nth = 0; nth < 3; nth += 1) {
        await createRun(db, (await createTenant(db)).owner, KEY);
      }
      await expireKeys(db);
      const worker = await startElder(db);
      await sweep(db, worker);
      expect(await countKeys(db)).toBe(1);
      await sweep(db, worker);
      expect(await countKeys(db)).toBe(0);
    }));
});

test.each([
  ["run", createRun],
  ["pipeline", createPipeline],
])("the same key for a %s in another workspace of the tenant is refused", (_, create) =>
  inRollback(async (db) => {
    const { tenantId, workspaceId, owner } = await createTenant(db);
    const other = await addWorkspace(db, { tenantId, ownerId: owner.userId ?? "" });
    await create(db, owner, { ...KEY, p_workspace_id: workspaceId });
    const elsewhere = create(db, owner, { ...KEY, p_workspace_id: other });
    expect((await refusalOf(elsewhere)).message).toBe("idempotency_mismatch");
  }),
);

test("one key may stand for a run and for a pipeline", () =>
  inRollback(async (db) => {
    const { owner } = await createTenant(db);
    await createRun(db, owner, KEY);
    expect((await createPipeline(db, owner, KEY)).created).toBe(true);
    expect(await countKeys(db)).toBe(2);
  }));

test("a request that is refused leaves its key free", () =>
  inRollback(async (db) => {
    const [mine, theirs] = [await createTenant(db), await createTenant(db)];
    const { run } = await createRun(db, theirs.owner);
    const taken = createRun(db, mine.owner, { ...KEY, p_id: run.id });
    expect((await refusalOf(taken)).message).toBe("id_taken");
    expect(await countKeys(db)).toBe(0);
    expect((await createRun(db, mine.owner, KEY)).created).toBe(true);
  }));
