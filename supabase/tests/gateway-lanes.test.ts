/** What one worker learns of a gateway holds for the pool: pauses, probes, and the way back. */
import { describe, expect, test } from "vitest";
import { type Database, inRollback } from "../../test/support/database.ts";
import { claimFor, createRuns, newLanes, pass, report, stateOf, watch } from "./support/lanes.ts";
import { finalize, readAttempts, release } from "./support/ledger.ts";
import { createTenant, type Tenant } from "./support/tenant.ts";

interface Scene {
  readonly db: Database;
  readonly tenant: Tenant;
  readonly lane: string;
  readonly fallback: string;
}

/** A tenant with so many queued runs, and two lanes that are open. */
async function inScene(runs: number, play: (scene: Scene) => Promise<void>): Promise<void> {
  await inRollback(async (db) => {
    const [lane = "", fallback = ""] = newLanes("first/model", "second/model");
    await watch(db, [lane, fallback]);
    const tenant = await createTenant(db);
    await createRuns(db, tenant, runs);
    await play({ db, tenant, lane, fallback });
  });
}

const secondsUntil = async ({ db, lane }: Scene) => {
  const [row] = await db.query<{ seconds: number }>(
    "select extract(epoch from paused_until - now())::float as seconds from private.gateway_lanes where lane = $1",
    [lane],
  );
  return row?.seconds ?? Number.NaN;
};

/** Claims a run and has it refused with a 429, as its worker reports it. */
async function refuse({ db, tenant, lane }: Scene, retry_after_ms?: number): Promise<string> {
  const { run } = await claimFor(db, tenant, lane);
  await report(db, lane, { kind: "rate_limited", ...(retry_after_ms && { retry_after_ms }) });
  const held = { runId: run.id, attempt: run.attempt };
  await release(db, held, { kind: "rate_limited", delay_ms: 0 });
  return run.id;
}

/** The probe's answer begins: a claim of a moment that comes after the pause. */
async function probeWorks({ db, tenant, lane }: Scene) {
  const { run } = await claimFor(db, tenant, lane);
  await report(db, lane, { kind: "worked", run_id: run.id });
  return run.id;
}

describe("a rate limit", () => {
  test("pauses the lane for every worker, and costs the run no attempt", () =>
    inScene(2, async (scene) => {
      const { db, tenant, lane, fallback } = scene;
      const runId = await refuse(scene, 7_000);
      const paused = await claimFor(db, tenant, lane);
      expect(paused.kind).toBe("paused");
      expect(await stateOf(db, lane)).toMatchObject({
        state: "paused",
        reason: "rate_limited",
        until: paused.until,
      });
      const [row] = await db.query("select app_retries, phase from agent_runs where id = $1", [
        runId,
      ]);
      expect(row).toEqual({ app_retries: 0, phase: "queued" });
      expect(await readAttempts(db, runId)).toMatchObject([
        { outcome: "released", reason: "rate_limited" },
      ]);
      // Another model, and a worker that knows of no lanes, go on.
      expect((await claimFor(db, tenant, fallback)).kind).toBe("claimed");
      expect((await claimFor(db, tenant, null)).kind).toBe("claimed");
    }));

  test.each([
    [7_000, 7],
    [1, 1],
    [86_400_000, 300],
  ])("that asks for %i ms pauses for %f s", (asked, seconds) =>
    inScene(1, async (scene) => {
      await refuse(scene, asked);
      expect(await secondsUntil(scene)).toBeCloseTo(seconds, 3);
    }),
  );

  test("that names no time pauses for one to three seconds, the longer the more often", () =>
    inScene(1, async (scene) => {
      const waits: number[] = [];
      for (let time = 0; time < 12; time += 1) {
        await refuse(scene);
        waits.push(await secondsUntil(scene));
        await pass(scene.db, scene.lane, "4 seconds");
      }
      expect(waits[0]).toBe(1);
      expect(Math.max(...waits)).toBeGreaterThan(1.5);
      expect(Math.max(...waits)).toBeLessThanOrEqual(3);
      expect(new Set(waits.slice(4)).size).toBeGreaterThan(4);
    }));

  test("that a call under way reports later may only prolong the pause", () =>
    inScene(0, async (scene) => {
      const { db, lane } = scene;
      await report(db, lane, { kind: "rate_limited", retry_after_ms: 9_000 });
      await report(db, lane, { kind: "rate_limited", retry_after_ms: 2_000 });
      await report(db, lane, { kind: "rate_limited" });
      await report(db, lane, { kind: "failed", code: "gateway_error" });
      expect(await secondsUntil(scene)).toBeCloseTo(9, 3);
      await report(db, lane, { kind: "rate_limited", retry_after_ms: 12_000 });
      expect(await secondsUntil(scene)).toBeCloseTo(12, 3);
    }));
});

describe("after a pause", () => {
  test("one claim probes, and nobody else starts until its answer begins", () =>
    inScene(4, async (scene) => {
      const { db, tenant, lane } = scene;
      await refuse(scene);
      await pass(db, lane, "2 seconds");
      const probe = await claimFor(db, tenant, lane);
      expect(probe.kind).toBe("claimed");
      expect((await stateOf(db, lane)).state).toBe("probing");
      expect((await claimFor(db, tenant, lane)).kind).toBe("paused");

      await report(db, lane, { kind: "worked", run_id: probe.run.id });
      expect((await stateOf(db, lane)).state).toBe("limited");
    }));

  test("a probe that is refused is one more pause, and one without an answer is joined by another", () =>
    inScene(3, async (scene) => {
      const { db, tenant, lane } = scene;
      await refuse(scene);
      await pass(db, lane, "2 seconds");
      await refuse(scene, 4_000);
      expect(await secondsUntil(scene)).toBeCloseTo(4, 3);

      await pass(db, lane, "4 seconds");
      const silent = await claimFor(db, tenant, lane);
      expect((await claimFor(db, tenant, lane)).kind).toBe("paused");
      await pass(db, lane, "5 seconds");
      expect((await claimFor(db, tenant, lane)).kind).toBe("claimed");
      // The first of them, which thinks for long, is a proof as well.
      await report(db, lane, { kind: "worked", run_id: silent.run.id });
      expect((await stateOf(db, lane)).state).toBe("limited");
    }));

  test("an answer that was asked for before the pause proves nothing", () =>
    inScene(2, async (scene) => {
      const { db, tenant, lane } = scene;
      const { run } = await claimFor(db, tenant, lane);
      await refuse(scene);
      await report(db, lane, { kind: "worked", run_id: run.id });
      expect((await stateOf(db, lane)).state).toBe("paused");
    }));

  test("a pool without runs does not use up the probe", () =>
    inScene(1, async (scene) => {
      const { db, tenant, lane } = scene;
      await refuse(scene);
      await pass(db, lane, "2 seconds");
      const elsewhere = await createTenant(db);
      expect((await claimFor(db, elsewhere, lane)).kind).toBe("empty");
      expect((await claimFor(db, tenant, lane)).kind).toBe("claimed");
    }));
});

describe("a limited lane", () => {
  const allowances = async ({ db, lane }: Scene, seconds: number) => {
    const found: (number | null)[] = [];
    for (let second = 0; second <= seconds; second += 1) {
      found.push((await stateOf(db, lane)).max_running);
      await pass(db, lane, "1 second");
    }
    return found;
  };
  const limit = ({ db, lane }: Scene, worked: number) =>
    db.query(
      `update private.gateway_lanes set reopened_at = now(), max_running = 1, worked_running = $2
       where lane = $1`,
      [lane, worked],
    );

  test("doubles each second up to what worked, then grows by a tenth of that", () =>
    inScene(0, async (scene) => {
      await limit(scene, 20);
      expect(await allowances(scene, 8)).toEqual([1, 2, 4, 8, 16, 21, 23, 25, 27]);
    }));

  test("and is open again after a minute", () =>
    inScene(0, async (scene) => {
      await limit(scene, 2);
      expect((await allowances(scene, 60)).at(-1)).toBeNull();
      expect((await stateOf(scene.db, scene.lane)).state).toBe("open");
    }));

  test("starts no more runs than it allows", () =>
    inScene(5, async (scene) => {
      const { db, tenant, lane } = scene;
      await limit(scene, 3);
      expect((await claimFor(db, tenant, lane)).kind).toBe("claimed");
      expect((await claimFor(db, tenant, lane)).kind).toBe("paused");
      await pass(db, lane, "1 second");
      const second = await claimFor(db, tenant, lane);
      expect(second.kind).toBe("claimed");
      expect((await claimFor(db, tenant, lane)).kind).toBe("paused");
      await finalize(db, { runId: second.run.id });
      expect((await claimFor(db, tenant, lane)).kind).toBe("claimed");
    }));

  test("goes back to what ran before a refusal, and to three quarters after the next", () =>
    inScene(12, async (scene) => {
      const { db, tenant, lane } = scene;
      for (let held = 0; held < 9; held += 1) await claimFor(db, tenant, lane);
      await refuse(scene);
      const workedRunning = async () => {
        const [row] = await db.query<{ n: number }>(
          "select worked_running as n from private.gateway_lanes where lane = $1",
          [lane],
        );
        return row?.n;
      };
      expect(await workedRunning()).toBe(9);
      await pass(db, lane, "2 seconds");
      await refuse(scene);
      expect(await workedRunning()).toBe(9);
      await pass(db, lane, "4 seconds");
      await probeWorks(scene);
      await pass(db, lane, "3 seconds");
      await refuse(scene);
      expect(await workedRunning()).toBe(8);
    }));
});
