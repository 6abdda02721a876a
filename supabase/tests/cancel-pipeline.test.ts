/** A pipeline is stopped as one, also when an end and a cancel meet. */
import { describe, expect, test } from "vitest";
import {
  type Database,
  inRollback,
  openDatabase,
  processIdOf,
  untilBlocked,
} from "../../test/support/database.ts";
import { cancel, finalize } from "./support/ledger.ts";
import { cancelPipeline, claimStep, createPipeline, readPipeline } from "./support/pipelines.ts";
import { createTenant, deleteTenant, type Tenant } from "./support/tenant.ts";

describe("a cancel", () => {
  test("of a step that waits ends the chain at once, and asking again changes nothing", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const { pipeline } = await createPipeline(db, owner);
      const shown = await cancelPipeline(db, owner, pipeline.id);
      expect(shown).toMatchObject({
        pipeline: { status: "cancelled" },
        runs: [{ status: "cancelled" }],
      });
      expect(await cancelPipeline(db, owner, pipeline.id)).toEqual(shown);
    }));

  test("of a step at work stops it, and no other follows though its worker says completed", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const { pipeline } = await createPipeline(db, owner);
      const { id: runId } = await claimStep(db, pipeline.id);
      const asked = await cancelPipeline(db, owner, pipeline.id);
      expect(asked.pipeline.status).toBe("running");
      expect(await cancelPipeline(db, owner, pipeline.id)).toEqual(asked);
      await finalize(db, { runId });
      const shown = await readPipeline(db, pipeline.id);
      expect(shown).toMatchObject({
        pipeline: { status: "cancelled" },
        runs: [{ status: "cancelled" }],
      });
    }));

  test("of the run alone stops the chain too", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const { pipeline, runs } = await createPipeline(db, owner);
      await cancel(db, owner, runs[0]?.id ?? "");
      expect((await readPipeline(db, pipeline.id)).pipeline.status).toBe("cancelled");
    }));
});

describe("an end and a cancel meet:", () => {
  async function withTwo(
    work: (left: Database, right: Database, tenant: Tenant) => Promise<void>,
  ): Promise<void> {
    const [left, right] = [await openDatabase(), await openDatabase()];
    const tenant = await createTenant(left);
    try {
      await work(left, right, tenant);
    } finally {
      await left.query("rollback");
      await deleteTenant(left, tenant);
      await Promise.all([left.close(), right.close()]);
    }
  }

  test("a cancel that waits for a completion cancels the step that this has started", () =>
    withTwo(async (left, right, { owner }) => {
      const { pipeline } = await createPipeline(left, owner);
      const { id } = await claimStep(left, pipeline.id);
      const waiting = await processIdOf(right);
      await left.query("begin");
      await left.query("select public.finalize_run($1, 1, $2)", [id, { status: "completed" }]);
      const cancelled = cancelPipeline(right, owner, pipeline.id);
      await untilBlocked(left, waiting);
      await left.query("commit");
      expect((await cancelled).pipeline).toMatchObject({ status: "cancelled", step: 2 });
      expect((await readPipeline(left, pipeline.id)).runs).toMatchObject([
        { status: "completed" },
        { status: "cancelled" },
      ]);
    }));

  test("a completion that waits for a cancel is none, and starts nothing", () =>
    withTwo(async (left, right, { owner }) => {
      const { pipeline } = await createPipeline(left, owner);
      const { id } = await claimStep(left, pipeline.id);
      const waiting = await processIdOf(right);
      await left.query("begin");
      await left.query(
        "select set_config('request.jwt.claim.sub', $1, true), set_config('request.jwt.claims', $2, true)",
        [owner.userId, JSON.stringify({ sub: owner.userId, role: "authenticated" })],
      );
      await left.query("select public.cancel_pipeline($1)", [pipeline.id]);
      const ended = finalize(right, { runId: id });
      await untilBlocked(left, waiting);
      await left.query("commit");
      expect((await ended).run.status).toBe("cancelled");
      const shown = await readPipeline(left, pipeline.id);
      expect(shown.pipeline.status).toBe("cancelled");
      expect(shown.runs).toHaveLength(1);
    }));
});
