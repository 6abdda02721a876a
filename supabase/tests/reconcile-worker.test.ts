import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type Database, inRollback, refusalOf, service } from "../../test/support/database.ts";
import {
  beat,
  cancel,
  claim,
  createRun,
  finalize,
  isLost,
  readRun,
  reconcile,
  startRun,
  startWorker,
  sweep,
} from "./support/ledger.ts";
import { createTenant } from "./support/tenant.ts";

/** As if the claims had been made so long ago. */
async function ageClaims(db: Database, workerId: string, passed = "6 seconds"): Promise<void> {
  await db.query(
    "update public.agent_runs set claimed_at = now() - $2::interval where worker_id = $1",
    [workerId, passed],
  );
}

test("a run whose claim was never answered is queued again, due at once, and counts as no retry", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    await ageClaims(db, workerId);
    expect(await reconcile(db, workerId, [])).toEqual({
      ended: [],
      released: [{ id: runId, attempt: 1 }],
    });
    expect(await readRun(db, runId)).toMatchObject({
      phase: "queued",
      release_reason: "reply_lost",
      app_retries: 0,
      infra_retries: 0,
    });
    expect((await beat(db, workerId)).held).toBe(0);

    const { enqueue } = await sweep(db, workerId);
    expect(enqueue.filter(({ id }) => id === runId)).toEqual([{ id: runId, attempt: 1 }]);
    expect((await claim(db, runId, workerId)).run.attempt).toBe(2);
    expect((await finalize(db, { runId, attempt: 1 })).applied).toBe(false);
  }));

test("what the worker works on stays with it, and what was claimed a moment ago", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { runId, workerId } = await startRun(db, tenant);
    await ageClaims(db, workerId);
    await claim(db, (await createRun(db, tenant.owner)).run.id, workerId);
    const nothing = { ended: [], released: [] };
    expect(await reconcile(db, workerId, [{ id: runId, attempt: 1 }])).toEqual(nothing);
  }));

test("an attempt that the worker no longer works on does not stand for the next one", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    await ageClaims(db, workerId);
    await reconcile(db, workerId, []);
    await claim(db, runId, workerId);
    await ageClaims(db, workerId);
    const { released } = await reconcile(db, workerId, [{ id: runId, attempt: 1 }]);
    expect(released).toEqual([{ id: runId, attempt: 2 }]);
  }));

test("a claim of a moment ago is left alone: its answer may be on its way", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    await ageClaims(db, workerId, "4 seconds");
    expect((await reconcile(db, workerId, [])).released).toEqual([]);
    expect((await readRun(db, runId)).phase).toBe("active");
  }));

test("a worker does not release the runs of another", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    await ageClaims(db, workerId);
    await reconcile(db, await startWorker(db), []);
    expect((await readRun(db, runId)).phase).toBe("active");
    expect(await isLost(db, workerId)).toBe(false);
  }));

test("a run that was asked to cancel is cancelled instead, and its end can be announced", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { runId, workerId } = await startRun(db, tenant);
    await cancel(db, tenant.owner, runId);
    await ageClaims(db, workerId);
    expect(await reconcile(db, workerId, [])).toEqual({
      ended: [{ id: runId, attempt: 1 }],
      released: [],
    });
    expect((await readRun(db, runId)).status).toBe("cancelled");
  }));

test("a run whose claims get lost again counts them from the second time on, and ends", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    for (const infra_retries of [0, 1, 2]) {
      await ageClaims(db, workerId);
      expect((await reconcile(db, workerId, [])).released).toHaveLength(1);
      expect(await readRun(db, runId)).toMatchObject({ phase: "queued", infra_retries });
      expect((await claim(db, runId, workerId)).kind).toBe("claimed");
    }
    await ageClaims(db, workerId);
    expect(await reconcile(db, workerId, [])).toEqual({
      ended: [{ id: runId, attempt: 4 }],
      released: [],
    });
    const end = { status: "failed", error_code: "worker_lost", infra_retries: 3 };
    expect(await readRun(db, runId)).toMatchObject(end);
  }));

test("lost claims and lost workers count together", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    await db.query("update public.agent_runs set infra_retries = 2 where id = $1", [runId]);
    await ageClaims(db, workerId);
    expect((await reconcile(db, workerId, [])).released).toHaveLength(1);
    await claim(db, runId, workerId);
    await ageClaims(db, workerId);
    expect((await reconcile(db, workerId, [])).ended).toHaveLength(1);
    expect((await readRun(db, runId)).error_code).toBe("worker_lost");
  }));

test("a run whose claims get lost still ends at its time limit", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    const { deadline_at } = await readRun(db, runId);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await ageClaims(db, workerId);
      await reconcile(db, workerId, []);
      expect((await claim(db, runId, workerId)).kind).toBe("claimed");
    }
    expect(await readRun(db, runId)).toMatchObject({ status: "running", deadline_at });
    await db.query(
      "update public.agent_runs set deadline_at = now() - interval '1 minute' where id = $1",
      [runId],
    );
    await sweep(db, workerId);
    expect((await readRun(db, runId)).error_code).toBe("deadline_exceeded");
  }));

test.each([null, { id: "not a list" }])(
  "a list that is %j is refused, not taken for empty",
  (held) =>
    inRollback(async (db) => {
      const args = { p_worker_id: randomUUID(), p_held: held };
      expect(await refusalOf(db.call(service, "reconcile_worker", args))).toMatchObject({
        code: "PT400",
      });
    }),
);
