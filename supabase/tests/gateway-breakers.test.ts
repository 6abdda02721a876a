/** A gateway that wants to be paid, a model that is down, and what the pool then refuses or leaves out. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  anon,
  type Database,
  inRollback,
  openDatabase,
  refusalOf,
} from "../../test/support/database.ts";
import {
  claimFor,
  createRuns,
  forgetOthers,
  newLanes,
  pass,
  report,
  stateOf,
  watch,
} from "./support/lanes.ts";
import { createRun, readRun, release, startElder, startWorker, sweep } from "./support/ledger.ts";
import { createTenant, deleteTenant, type Tenant } from "./support/tenant.ts";

interface Scene {
  readonly db: Database;
  readonly tenant: Tenant;
  readonly lane: string;
  readonly fallback: string;
}

/** Nobody else's lanes are in use. */
async function inScene(play: (scene: Scene) => Promise<void>): Promise<void> {
  await inRollback(async (db) => {
    const [lane = "", fallback = ""] = newLanes("first/model", "second/model");
    await watch(db, [lane, fallback]);
    await forgetOthers(db, [lane, fallback]);
    await play({ db, tenant: await createTenant(db), lane, fallback });
  });
}

const fail = { p_on_rate_limit: "fail" };

describe("a gateway that wants to be paid", () => {
  test("pauses all models of its key for a minute", () =>
    inScene(async ({ db, tenant, lane, fallback }) => {
      await createRuns(db, tenant, 2);
      await report(db, lane, { kind: "payment_required" });
      for (const each of [lane, fallback]) {
        expect((await claimFor(db, tenant, each)).kind).toBe("paused");
        expect(await stateOf(db, each)).toMatchObject({
          state: "paused",
          reason: "payment_required",
        });
      }
    }));

  test("new runs are refused at once, with the time of the next probe; a repeat is not", () =>
    inScene(async ({ db, tenant, lane }) => {
      const { run } = await createRun(db, tenant.owner, { p_idempotency_key: "once" });
      await report(db, lane, { kind: "payment_required" });
      const refusal = await refusalOf(createRun(db, tenant.owner));
      expect(refusal).toMatchObject({ code: "PT402", message: "payment_required" });
      expect(JSON.parse(refusal.detail ?? "")).toEqual({
        message: expect.stringContaining("add credits"),
        retry_after: 60,
      });
      const repeat = await createRun(db, tenant.owner, { p_idempotency_key: "once" });
      expect(repeat).toMatchObject({ created: false, run: { id: run.id } });
    }));

  test("after the minute one probe starts, and its answer reopens every model of the key", () =>
    inScene(async ({ db, tenant, lane, fallback }) => {
      await createRuns(db, tenant, 3);
      await report(db, lane, { kind: "payment_required" });
      for (const each of [lane, fallback]) await pass(db, each, "1 minute");
      const probe = await claimFor(db, tenant, lane);
      expect(probe.kind).toBe("claimed");
      expect((await claimFor(db, tenant, lane)).kind).toBe("paused");
      await report(db, lane, { kind: "worked", run_id: probe.run.id });
      expect((await stateOf(db, lane)).state).toBe("open");
      expect((await stateOf(db, fallback)).state).toBe("open");
      expect((await createRun(db, tenant.owner)).created).toBe(true);
    }));

  test("queued runs wait, and only those whose callers do not want to wait end", () =>
    inScene(async ({ db, tenant, lane }) => {
      const { run: patient } = await createRun(db, tenant.owner);
      const { run: impatient } = await createRun(db, tenant.owner, fail);
      await report(db, lane, { kind: "payment_required" });
      const { ended } = await sweep(db, await startElder(db));
      expect(ended).toContainEqual({ id: impatient.id, attempt: 0, status: "failed" });
      expect(await readRun(db, impatient.id)).toMatchObject({
        error_code: "payment_required",
        error_message: expect.stringContaining("add credits"),
      });
      expect(await readRun(db, patient.id)).toMatchObject({ phase: "queued" });
    }));

  test("another gateway in use is reason enough to accept", () =>
    inScene(async ({ db, tenant, lane }) => {
      const [other = ""] = newLanes("first/model");
      await watch(db, [other]);
      await report(db, lane, { kind: "payment_required" });
      expect((await createRun(db, tenant.owner)).created).toBe(true);
      await report(db, other, { kind: "payment_required" });
      expect((await refusalOf(createRun(db, tenant.owner))).code).toBe("PT402");
    }));
});

describe("a rate limit of the pool", () => {
  test("refuses callers who do not want to wait, and nobody else", () =>
    inScene(async ({ db, tenant, lane }) => {
      const { run: waiting } = await createRun(db, tenant.owner, fail);
      await report(db, lane, { kind: "rate_limited", retry_after_ms: 4_500 });
      const refusal = await refusalOf(createRun(db, tenant.owner, fail));
      expect(refusal).toMatchObject({ code: "PT429", message: "rate_limited" });
      expect(JSON.parse(refusal.detail ?? "")).toMatchObject({ retry_after: 5 });
      expect((await createRun(db, tenant.owner)).created).toBe(true);
      await sweep(db, await startElder(db));
      expect((await readRun(db, waiting.id)).error_code).toBe("rate_limited");
    }));

  test("is over when its time has come, before a probe has shown it", () =>
    inScene(async ({ db, tenant, lane }) => {
      await report(db, lane, { kind: "rate_limited" });
      await pass(db, lane, "2 seconds");
      expect((await createRun(db, tenant.owner, fail)).created).toBe(true);
    }));
});

describe("a model that is down", () => {
  const failTimes = async ({ db, lane }: Scene, times: number) => {
    for (let time = 0; time < times; time += 1) {
      await report(db, lane, { kind: "failed", code: "gateway_timeout" });
    }
  };

  test("five failures in a row pause it, and not the next model", () =>
    inScene(async (scene) => {
      const { db, tenant, lane, fallback } = scene;
      await createRuns(db, tenant, 1);
      await failTimes(scene, 4);
      expect(await stateOf(db, lane)).toMatchObject({ state: "open", failures: 4 });
      await failTimes(scene, 1);
      expect(await stateOf(db, lane)).toMatchObject({ state: "paused", reason: "gateway_timeout" });
      expect((await claimFor(db, tenant, lane)).kind).toBe("paused");
      expect((await claimFor(db, tenant, fallback)).kind).toBe("claimed");
      // The pool goes on, so nobody is refused.
      expect((await createRun(db, tenant.owner, fail)).created).toBe(true);
    }));

  test("an answer between them, or half a minute, begins the count anew", () =>
    inScene(async (scene) => {
      const { db, tenant, lane } = scene;
      const { run } = await createRun(db, tenant.owner);
      await failTimes(scene, 4);
      await report(db, lane, { kind: "worked", run_id: run.id });
      await failTimes(scene, 4);
      expect((await stateOf(db, lane)).state).toBe("open");
      await pass(db, lane, "31 seconds");
      await failTimes(scene, 4);
      expect(await stateOf(db, lane)).toMatchObject({ state: "open", failures: 4 });
    }));

  test("a failed probe pauses it for longer, and one that answers opens it at once", () =>
    inScene(async (scene) => {
      const { db, tenant, lane } = scene;
      await createRuns(db, tenant, 2);
      await failTimes(scene, 5);
      await pass(db, lane, "10 seconds");
      expect((await claimFor(db, tenant, lane)).kind).toBe("claimed");
      await failTimes(scene, 1);
      await pass(db, lane, "19 seconds");
      expect((await claimFor(db, tenant, lane)).kind).toBe("paused");
      await pass(db, lane, "1 second");
      const probe = await claimFor(db, tenant, lane);
      await report(db, lane, { kind: "worked", run_id: probe.run.id });
      expect(await stateOf(db, lane)).toMatchObject({ state: "open", max_running: null });
    }));
});

test("what everybody may see names models and times, and neither a gateway nor a key", () =>
  inScene(async ({ db, lane }) => {
    await report(db, lane, { kind: "rate_limited", retry_after_ms: 4_000 });
    const state = await db.call<{ pause: unknown; lanes: unknown[] }>(anon, "gateway_state", {});
    expect(state).toEqual({
      pause: { reason: "rate_limited", until: expect.any(String) },
      lanes: [
        {
          model: "first/model",
          state: "paused",
          reason: "rate_limited",
          until: expect.any(String),
          max_running: null,
        },
        { model: "second/model", state: "open", reason: null, until: null, max_running: null },
      ],
    });
  }));

describe("workers that come together", () => {
  const CONNECTIONS = 6;
  let connections: Database[];
  let tenant: Tenant;
  let lane: string;
  let workers: string[];
  beforeEach(async () => {
    connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openDatabase()));
    const [db] = connections;
    if (!db) throw new Error("There is no connection.");
    tenant = await createTenant(db);
    [lane = ""] = newLanes("first/model");
    await watch(db, [lane]);
    // Committed, so it must not count for what the pool of other tests may do.
    await db.query("update private.gateway_lanes set seen_at = '-infinity' where lane = $1", [
      lane,
    ]);
    workers = await Promise.all(connections.map(startWorker));
    // They send no heartbeats.
    await db.query("update public.workers set lease_expires_at = 'infinity' where id = any ($1)", [
      workers,
    ]);
  });
  afterEach(async () => {
    const [db] = connections;
    await db?.query("delete from private.gateway_lanes where lane = $1", [lane]);
    await db?.query("delete from public.workers where id = any ($1)", [workers]);
    if (db) await deleteTenant(db, tenant);
    for (const each of connections) await each.close();
  });
  const claimAll = () =>
    Promise.all(connections.map((db, at) => claimFor(db, tenant, lane, workers[at])));

  test("after a pause one of them probes", async () => {
    const [db] = connections;
    if (!db) throw new Error("There is no connection.");
    for (let round = 0; round < 10; round += 1) {
      await createRuns(db, tenant, 2);
      await report(db, lane, { kind: "rate_limited" });
      await pass(db, lane, "1 hour");
      const kinds = (await claimAll()).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === "claimed")).toHaveLength(1);
    }
  });

  test("a probe that is not committed yet keeps others out, and does not make them wait", async () => {
    const [first, second] = connections;
    if (!first || !second) throw new Error("There are too few connections.");
    const other = await createTenant(first);
    await createRuns(first, tenant, 1);
    await createRuns(first, other, 1);
    await report(first, lane, { kind: "rate_limited" });
    await pass(first, lane, "1 hour");
    await first.query("begin");
    try {
      const sql = "select public.claim_next($1, $2, $3) ->> 'kind' as kind";
      expect(await first.query(sql, [workers[0], lane, [tenant.tenantId]])).toEqual([
        { kind: "claimed" },
      ]);
      await second.query("set lock_timeout = '5s'");
      expect(await second.query(sql, [workers[1], lane, [other.tenantId]])).toEqual([
        { kind: "again" },
      ]);
    } finally {
      await first.query("rollback");
      await deleteTenant(first, other);
    }
  });

  test("claims, refusals and reports of all kinds never block each other for good", async () => {
    const [db] = connections;
    if (!db) throw new Error("There is no connection.");
    await createRuns(db, tenant, CONNECTIONS * 2);
    const play = async (at: number) => {
      const mine = connections[at];
      if (!mine) return;
      for (let turn = 0; turn < 25; turn += 1) {
        const claim = await claimFor(mine, tenant, lane, workers[at]);
        if (claim.kind !== "claimed") {
          await pass(mine, lane, "6 seconds");
          continue;
        }
        const { id: runId, attempt } = claim.run;
        if (turn % 5 === at % 5) await report(mine, lane, { kind: "payment_required" });
        await report(mine, lane, { kind: "worked", run_id: runId });
        const kind = turn % 3 === 0 ? "worked" : "rate_limited";
        await report(mine, lane, { kind, run_id: runId });
        await release(mine, { runId, attempt }, { kind: "rate_limited", delay_ms: 0 });
      }
    };
    await Promise.all(connections.map((_, at) => play(at)));
    const rows = await db.query("select app_retries from agent_runs where tenant_id = $1", [
      tenant.tenantId,
    ]);
    expect(rows).toEqual(rows.map(() => ({ app_retries: 0 })));
  });
});
