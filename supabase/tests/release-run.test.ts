import { expect, test } from "vitest";
import { inRollback } from "../../test/support/database.ts";
import { claim, release, startRun } from "./support/ledger.ts";
import { createTenant } from "./support/tenant.ts";

test("a failed attempt counts, and the third ends the run with its own code", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    const failed = {
      kind: "failed",
      code: "gateway_error",
      message: "It broke. Try later.",
      delay_ms: 0,
    };
    for (const attempt of [1, 2]) {
      const { run } = await release(db, { runId, attempt }, failed);
      expect(run).toMatchObject({
        phase: "queued",
        worker_id: null,
        app_retries: attempt,
        release_reason: "gateway_error",
      });
      await claim(db, runId, workerId);
    }
    const { run } = await release(db, { runId, attempt: 3 }, { ...failed, output_text: "half" });
    expect(run).toMatchObject({
      status: "failed",
      error_code: "gateway_error",
      error_message: "It broke. Try later.",
      output_text: "half",
    });
  }));

test("draining and waiting for the gateway count for nothing", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      const kind = attempt % 2 === 0 ? "drain" : "rate_limited";
      const { run } = await release(db, { runId, attempt }, { kind, delay_ms: 0 });
      expect(run).toMatchObject({
        phase: "queued",
        app_retries: 0,
        infra_retries: 0,
        release_reason: kind,
      });
      await claim(db, runId, workerId);
    }
  }));

test.each([
  [-5_000, 5],
  [30_000, 35],
  [86_400_000, 305],
])("a delay of %i ms is due for the sweep after %i s", (delay_ms, seconds) =>
  inRollback(async (db) => {
    const { runId } = await startRun(db, await createTenant(db));
    await release(db, { runId }, { kind: "rate_limited", delay_ms });
    const [row] = await db.query<{ seconds: number }>(
      "select extract(epoch from enqueue_after - now())::int as seconds from public.agent_runs where id = $1",
      [runId],
    );
    expect(row?.seconds).toBe(seconds);
  }),
);
