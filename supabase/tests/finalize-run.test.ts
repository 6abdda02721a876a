import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { inRollback } from "../../test/support/database.ts";
import { claim, finalize, readRun, release, startRun } from "./support/ledger.ts";
import { createTenant } from "./support/tenant.ts";

test("a completed run carries what its worker reports, and how long it took", () =>
  inRollback(async (db) => {
    const { runId } = await startRun(db, await createTenant(db));
    const report = {
      output: { plan_name: "P" },
      output_text: "Plan",
      text_length: 4,
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
      model: "model-a",
      agent_version: 2,
    };
    const { applied, run } = await finalize(db, { runId }, { status: "completed", ...report });
    expect(applied).toBe(true);
    expect(run).toMatchObject({
      ...report,
      status: "completed",
      phase: "done",
      truncated: false,
      error_code: null,
      duration_ms: 0,
    });
    expect(run.completed_at).not.toBeNull();
  }));

test("an ending is applied once; a repeat changes nothing and answers with the row", () =>
  inRollback(async (db) => {
    const { runId } = await startRun(db, await createTenant(db));
    const first = await finalize(db, { runId }, { status: "completed", output: { a: 1 } });
    const again = await finalize(db, { runId }, { status: "failed" });
    expect(again).toMatchObject({ applied: false, run: first.run });
    const unknown = await finalize(db, { runId: randomUUID() });
    expect(unknown).toMatchObject({ applied: false, run: null });
  }));

test("an attempt that was superseded neither ends nor releases the run", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    await release(db, { runId }, { kind: "drain", delay_ms: 0 });
    await claim(db, runId, workerId);
    expect((await finalize(db, { runId, attempt: 1 })).applied).toBe(false);
    expect((await release(db, { runId, attempt: 1 }, { kind: "drain", delay_ms: 0 })).applied).toBe(
      false,
    );
    expect(await readRun(db, runId)).toMatchObject({ phase: "active", attempt: 2 });
  }));

test("text beyond the limit is cut between characters, and the run says so", () =>
  inRollback(async (db) => {
    await db.query("update private.run_policy set max_output_text_bytes = 5");
    const { runId } = await startRun(db, await createTenant(db));
    const { run } = await finalize(db, { runId }, { status: "completed", output_text: "abc€€" });
    expect(run).toMatchObject({ output_text: "abc", truncated: true });
  }));

test("a failure without a sentence gets one that says what to do", () =>
  inRollback(async (db) => {
    const { runId } = await startRun(db, await createTenant(db));
    const { run } = await finalize(
      db,
      { runId },
      { status: "failed", error_code: "gateway_error" },
    );
    expect(run).toMatchObject({
      error_code: "gateway_error",
      error_message: expect.stringMatching(/try again/i),
    });
  }));
