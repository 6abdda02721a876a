import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Database,
  inRollback,
  openDatabase,
  processIdOf,
  untilBlocked,
} from "../../test/support/database.ts";
import {
  cancel,
  claim,
  createRun,
  finalize,
  readRun,
  release,
  startRun,
  startWorker,
} from "./support/ledger.ts";
import { createTenant, deleteTenant, type Tenant } from "./support/tenant.ts";

const ago = "now() - interval '1 minute'";

describe("claims", () => {
  test("a claim is the next attempt, and brings the run and its workspace", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const { run } = await createRun(db, tenant.owner);
      const workerId = await startWorker(db);
      const claimed = await claim(db, run.id, workerId);

      expect(claimed.run).toMatchObject({ phase: "active", attempt: 1, worker_id: workerId });
      expect(claimed.workspace).toEqual({
        id: tenant.workspaceId,
        name: "Test workspace",
        time_zone: "UTC",
        currency: "USD",
        language: "en",
      });
    }));

  test("the first claim sets the deadline and the waiting time, later ones keep them", () =>
    inRollback(async (db) => {
      const { runId, workerId } = await startRun(db, await createTenant(db));
      const first = await readRun(db, runId);
      await release(db, { runId }, { kind: "drain", delay_ms: 0 });
      const { run } = await claim(db, runId, workerId);
      expect(run.attempt).toBe(2);
      for (const column of ["started_at", "deadline_at", "queued_ms"] as const) {
        expect(first[column]).not.toBeNull();
        expect(run[column]).toBe(first[column]);
      }
    }));

  test("an attempt begins with no text: what the one before said is superseded", () =>
    inRollback(async (db) => {
      const { runId, workerId } = await startRun(db, await createTenant(db));
      const said = { kind: "failed", delay_ms: 0, output_text: "half", text_length: 4 };
      expect((await release(db, { runId }, said)).run.output_text).toBe("half");
      expect((await claim(db, runId, workerId)).run).toMatchObject({
        output_text: null,
        text_length: 0,
      });
    }));

  test("every refusal says why", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const { runId: held, workerId } = await startRun(db, tenant);
      const queued = async () => (await createRun(db, tenant.owner)).run.id;
      const [ended, cancelled, expired, overdue] = [
        (await startRun(db, tenant)).runId,
        await queued(),
        await queued(),
        (await startRun(db, tenant)).runId,
      ];
      await finalize(db, { runId: ended });
      await cancel(db, tenant.owner, cancelled);
      await db.query(`update public.agent_runs set expires_at = ${ago} where id = $1`, [expired]);
      await release(db, { runId: overdue }, { kind: "drain", delay_ms: 0 });
      await db.query(`update public.agent_runs set deadline_at = ${ago} where id = $1`, [overdue]);

      expect(await claim(db, held, workerId)).toEqual({ kind: "held", attempt: 1 });
      expect(await claim(db, ended, workerId)).toEqual({ kind: "terminal", attempt: 1 });
      expect(await claim(db, cancelled, workerId)).toEqual({ kind: "cancelled", attempt: 0 });
      expect(await claim(db, expired, workerId)).toEqual({ kind: "expired", attempt: 0 });
      expect(await claim(db, overdue, workerId)).toEqual({ kind: "expired", attempt: 1 });
      expect(await claim(db, randomUUID(), workerId)).toEqual({ kind: "missing" });
    }));

  test("a run that was claimed in time has the work limit, not the waiting limit", () =>
    inRollback(async (db) => {
      const { runId, workerId } = await startRun(db, await createTenant(db));
      await db.query(`update public.agent_runs set expires_at = ${ago} where id = $1`, [runId]);
      await release(db, { runId }, { kind: "drain", delay_ms: 0 });
      expect((await claim(db, runId, workerId)).kind).toBe("claimed");
    }));

  test("only a worker whose lease runs may claim", () =>
    inRollback(async (db) => {
      const { run } = await createRun(db, (await createTenant(db)).owner);
      const [lapsed, lost] = [await startWorker(db), await startWorker(db)];
      await db.query(`update public.workers set lease_expires_at = ${ago} where id = $1`, [lapsed]);
      await db.query("update public.workers set lost_at = now() where id = $1", [lost]);
      for (const workerId of [lapsed, lost, randomUUID()]) {
        expect(await claim(db, run.id, workerId)).toEqual({ kind: "worker_lost" });
      }
    }));
});

describe("claims that race", () => {
  let connections: [Database, Database];
  let tenant: Tenant;
  beforeEach(async () => {
    connections = [await openDatabase(), await openDatabase()];
    tenant = await createTenant(connections[0]);
  });
  afterEach(async () => {
    await deleteTenant(connections[0], tenant);
    for (const db of connections) await db.close();
  });

  test("two workers that ask at once: one holds the run, the other is answered that it is held", async () => {
    const workers = await Promise.all(connections.map(startWorker));
    for (let round = 0; round < 10; round += 1) {
      const { run } = await createRun(connections[0], tenant.owner);
      const race = connections.map((db, index) => claim(db, run.id, workers[index] ?? ""));
      const kinds = (await Promise.all(race)).map(({ kind }) => kind);
      expect(kinds.sort()).toEqual(["claimed", "held"]);
      expect((await readRun(connections[0], run.id)).attempt).toBe(1);
    }
  });

  test("an ending that waits for another is not applied, and answers with that other", async () => {
    const [first, second] = connections;
    const { runId } = await startRun(first, tenant);
    await first.query("begin");
    await first.query("select public.finalize_run($1, 1, $2)", [runId, { status: "completed" }]);
    const waiting = await processIdOf(second);
    const late = finalize(second, { runId }, { status: "failed", error_code: "gateway_error" });
    await untilBlocked(first, waiting);
    await first.query("commit");
    expect(await late).toMatchObject({ applied: false, run: { status: "completed" } });
  });
});
