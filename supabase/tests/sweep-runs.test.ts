import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { inRollback, openDatabase, service } from "../../test/support/database.ts";
import {
  beat,
  cancel,
  claim,
  createRun,
  finalize,
  isLost,
  lapse,
  readRun,
  release,
  type Sweep,
  startElder,
  startRun,
  startWorker,
  sweep,
} from "./support/ledger.ts";
import { createTenant, deleteTenant } from "./support/tenant.ts";

const enqueued = ({ enqueue }: Sweep, runId: string) => enqueue.filter(({ id }) => id === runId);
const ended = (result: Sweep, runId: string) => result.ended.filter(({ id }) => id === runId);

describe("leases", () => {
  test("a beat renews the lease and counts what the worker holds", () =>
    inRollback(async (db) => {
      const { runId, workerId } = await startRun(db, await createTenant(db));
      expect(await beat(db, workerId)).toEqual({ lost: false, held: 1, cancel: [] });
      await finalize(db, { runId });
      expect(await beat(db, workerId)).toEqual({ lost: false, held: 0, cancel: [] });
    }));

  test("a worker that was lost stays lost, however many heartbeats it sends", () =>
    inRollback(async (db) => {
      const [elder, worker] = [await startElder(db), await startWorker(db)];
      await lapse(db, worker);
      await sweep(db, elder);
      expect(await beat(db, worker)).toEqual({ lost: true, held: 0, cancel: [] });
    }));

  test("a worker that sends a heartbeat after its lease expired is alive, but new again", () =>
    inRollback(async (db) => {
      const worker = await startElder(db);
      await lapse(db, worker);
      expect((await beat(db, worker)).lost).toBe(false);
      const [row] = await db.query<{ young: boolean }>(
        "select alive_since = now() as young from public.workers where id = $1",
        [worker],
      );
      expect(row?.young).toBe(true);
    }));
});

describe("taking over", () => {
  test("the runs of a worker whose lease has lapsed are queued again, due at once", () =>
    inRollback(async (db) => {
      const { runId, workerId } = await startRun(db, await createTenant(db));
      const elder = await startElder(db);
      await lapse(db, workerId);
      const result = await sweep(db, elder);

      expect(enqueued(result, runId)).toEqual([{ id: runId, attempt: 1 }]);
      expect(await readRun(db, runId)).toMatchObject({
        phase: "queued",
        infra_retries: 1,
        app_retries: 0,
        release_reason: "worker_lost",
      });
      expect((await finalize(db, { runId })).applied).toBe(false);
    }));

  test("a worker that has not been alive for a lease takes nothing: after an outage all have lapsed", () =>
    inRollback(async (db) => {
      const { runId, workerId } = await startRun(db, await createTenant(db));
      const young = await startWorker(db);
      await lapse(db, workerId);
      await sweep(db, young);
      expect(await isLost(db, workerId)).toBe(false);
      expect((await readRun(db, runId)).phase).toBe("active");
    }));

  test("a worker whose own lease has lapsed takes nothing", () =>
    inRollback(async (db) => {
      const [elder, other] = [await startElder(db), await startWorker(db)];
      await lapse(db, elder);
      await lapse(db, other);
      await sweep(db, elder);
      expect(await isLost(db, other)).toBe(false);
    }));

  test("the third lost worker ends the run", () =>
    inRollback(async (db) => {
      const { runId } = await startRun(db, await createTenant(db));
      const elder = await startElder(db);
      for (const attempt of [1, 2, 3]) {
        const { worker_id } = await readRun(db, runId);
        await lapse(db, worker_id ?? "");
        const result = await sweep(db, elder);
        if (attempt === 3)
          expect(ended(result, runId)).toEqual([{ id: runId, attempt, status: "failed" }]);
        else await claim(db, runId, await startWorker(db));
      }
      expect(await readRun(db, runId)).toMatchObject({
        error_code: "worker_lost",
        infra_retries: 3,
      });
    }));

  test("a run that was asked to cancel is cancelled when its worker is lost", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const { runId, workerId } = await startRun(db, tenant);
      await cancel(db, tenant.owner, runId);
      const elder = await startElder(db);
      await lapse(db, workerId);
      expect(ended(await sweep(db, elder), runId)).toEqual([
        { id: runId, attempt: 1, status: "cancelled" },
      ]);
    }));

  test("a claim that is being made keeps its worker; once made, it is seen", async () => {
    const setup = await openDatabase();
    const tenant = await createTenant(setup);
    const worker = await startWorker(setup);
    const { run } = await createRun(setup, tenant.owner);
    try {
      await inRollback(async (sweeper) => {
        const elder = await startElder(sweeper);
        await setup.query("begin");
        await setup.query("select public.claim_run($1, $2)", [run.id, worker]);
        await lapse(sweeper, worker);
        await sweep(sweeper, elder);
        expect(await isLost(sweeper, worker)).toBe(false);

        await setup.query("commit");
        await sweep(sweeper, elder);
        expect(await isLost(sweeper, worker)).toBe(true);
        expect(await readRun(sweeper, run.id)).toMatchObject({ phase: "queued", infra_retries: 1 });
      });
    } finally {
      await deleteTenant(setup, tenant);
      await setup.query("delete from public.workers where id = $1", [worker]);
      await setup.close();
    }
  });

  test("a worker that was lost long ago is forgotten", () =>
    inRollback(async (db) => {
      const [elder, idle] = [await startElder(db), await startWorker(db)];
      await db.query(
        "update public.workers set lost_at = now() - interval '2 days' where id = $1",
        [idle],
      );
      await sweep(db, elder);
      expect(await db.query("select from public.workers where id = $1", [idle])).toEqual([]);
    }));
});

describe("ends that no worker makes", () => {
  test("a run that nobody claimed in time expires", () =>
    inRollback(async (db) => {
      const { run } = await createRun(db, (await createTenant(db)).owner);
      await db.query("update public.agent_runs set expires_at = now() where id = $1", [run.id]);
      const result = await sweep(db, randomUUID());
      expect(ended(result, run.id)).toEqual([{ id: run.id, attempt: 0, status: "failed" }]);
      expect(enqueued(result, run.id)).toEqual([]);
      expect(await readRun(db, run.id)).toMatchObject({ error_code: "expired", duration_ms: 0 });
    }));

  test("a run that was claimed in time does not expire when it is back in the queue", () =>
    inRollback(async (db) => {
      const { runId, workerId } = await startRun(db, await createTenant(db));
      await release(db, { runId }, { kind: "drain", delay_ms: 0 });
      await db.query("update public.agent_runs set expires_at = now() where id = $1", [runId]);
      expect(ended(await sweep(db, workerId), runId)).toEqual([]);
    }));

  test.each([
    ["held by a living worker", false],
    ["back in the queue", true],
  ])(
    "a run past its deadline ends though it is %s, after the grace its worker has",
    (_where, queued) =>
      inRollback(async (db) => {
        const { runId, workerId } = await startRun(db, await createTenant(db));
        if (queued) await release(db, { runId }, { kind: "drain", delay_ms: 0 });
        const setDeadline = (passed: string) =>
          db.query(
            `update public.agent_runs set deadline_at = now() - interval '${passed}' where id = $1`,
            [runId],
          );

        await setDeadline("9 seconds");
        await sweep(db, workerId);
        expect((await readRun(db, runId)).status).toBe("running");
        await setDeadline("11 seconds");
        expect(ended(await sweep(db, workerId), runId)).toHaveLength(1);
        expect(await readRun(db, runId)).toMatchObject({
          status: "failed",
          error_code: "deadline_exceeded",
        });
      }),
  );
});

describe("the row is its own outbox", () => {
  test("a queued run is due after five seconds, then ever more rarely", () =>
    inRollback(async (db) => {
      const { run } = await createRun(db, (await createTenant(db)).owner);
      expect(enqueued(await sweep(db, randomUUID()), run.id)).toEqual([]);

      for (const seconds of [15, 30, 60, 120, 240, 300, 300]) {
        await db.query("update public.agent_runs set enqueue_after = now() where id = $1", [
          run.id,
        ]);
        expect(enqueued(await sweep(db, randomUUID()), run.id)).toEqual([
          { id: run.id, attempt: 0 },
        ]);
        const [row] = await db.query<{ seconds: number }>(
          "select extract(epoch from enqueue_after - now())::int as seconds from public.agent_runs where id = $1",
          [run.id],
        );
        expect(row?.seconds).toBe(seconds);
      }
    }));

  test("when the queue was lost, every queued run is due, also what one batch leaves over", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const runs = [await createRun(db, owner), await createRun(db, owner)].map(
        ({ run }) => run.id,
      );
      await db.query(
        "update public.agent_runs set enqueue_after = now() + interval '5 minutes' where id = any ($1)",
        [runs],
      );

      await db.query("update private.run_policy set sweep_batch = 1");
      const found = new Set<string>();
      // Files beside this one queue runs meanwhile, so the end is a sweep that finds nothing due.
      for (let isFirst = true, isDone = false; !isDone; isFirst = false) {
        const { enqueue } = await sweep(db, randomUUID(), isFirst);
        for (const { id } of enqueue) found.add(id);
        isDone = enqueue.length === 0;
      }
      for (const id of runs) expect(found).toContain(id);
    }));

  test("of many workers that ask, one sweeps: the others are answered at once", () =>
    inRollback(async (db) => {
      const elder = await startElder(db);
      expect((await sweep(db, elder)).swept).toBe(true);
      const again = await db.call<Sweep>(service, "sweep_runs", { p_worker_id: elder });
      expect(again).toEqual({ swept: false, ended: [], enqueue: [] });
    }));
});
