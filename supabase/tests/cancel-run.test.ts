import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { inRollback } from "../../test/support/database.ts";
import { beat, cancel, createRun, finalize, release, startRun } from "./support/ledger.ts";
import { createTenant } from "./support/tenant.ts";

test("a queued run is cancelled at once", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { run } = await createRun(db, tenant.owner);
    expect((await cancel(db, tenant.owner, run.id)).run).toMatchObject({
      status: "cancelled",
      phase: "done",
      duration_ms: 0,
      error_code: null,
    });
  }));

test("an active run is asked, its worker hears of it, and it never completes", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { runId, workerId } = await startRun(db, tenant, { p_save: true });
    expect((await cancel(db, tenant.owner, runId)).run.status).toBe("running");
    expect((await beat(db, workerId)).cancel).toEqual([{ id: runId, attempt: 1 }]);

    const plan = { table: "cmo_marketing_plans", id: randomUUID(), values: { plan_name: "P" } };
    const report = { output: { a: 1 }, output_text: "said", artifacts: [plan] };
    const { run } = await finalize(db, { runId }, { status: "completed", ...report });
    expect(run).toMatchObject({
      status: "cancelled",
      output: null,
      output_text: "said",
      artifacts: [],
    });
    expect(
      await db.query("select from public.cmo_marketing_plans where id = $1", [plan.id]),
    ).toEqual([]);
  }));

test("a worker of another version that reports a cancel that nobody asked for has failed the run", () =>
  inRollback(async (db) => {
    const { runId } = await startRun(db, await createTenant(db));
    const report = { output_text: "said", text_length: 4, error_message: "Somebody cancelled." };
    const { applied, run } = await finalize(db, { runId }, { status: "cancelled", ...report });
    expect(applied).toBe(true);
    expect(run).toMatchObject({
      status: "failed",
      error_code: "internal",
      error_message: expect.stringContaining("internal error"),
      output_text: "said",
      cancel_requested_at: null,
    });
  }));

test("a run with a requested cancel is not released to the queue", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { runId } = await startRun(db, tenant);
    await cancel(db, tenant.owner, runId);
    const { run } = await release(
      db,
      { runId },
      { kind: "failed", code: "gateway_error", delay_ms: 0 },
    );
    expect(run).toMatchObject({ status: "cancelled", error_code: null });
  }));

test("asking again, or after the end, changes nothing", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { runId } = await startRun(db, tenant);
    const asked = await cancel(db, tenant.owner, runId);
    expect(await cancel(db, tenant.owner, runId)).toEqual(asked);
    const { run } = await finalize(db, { runId }, { status: "failed" });
    expect(await cancel(db, tenant.owner, runId)).toEqual({ run });
  }));
