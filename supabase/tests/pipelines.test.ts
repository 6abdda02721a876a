/** Runs that build on one another: accepted as one, moved on by every end, stopped as one. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Database, inRollback, refusalOf } from "../../test/support/database.ts";
import {
  claim,
  createRun,
  finalize,
  lapse,
  readRun,
  release,
  startElder,
  startWorker,
  sweep,
} from "./support/ledger.ts";
import { claimStep, completeStep, createPipeline, readPipeline } from "./support/pipelines.ts";
import { addMember, createTenant } from "./support/tenant.ts";

const idsOf = (artifacts: unknown) => (artifacts as { id: string }[]).map(({ id }) => id);

describe("a pipeline that is accepted", () => {
  test("has its first run in the queue, which saves", () =>
    inRollback(async (db) => {
      const { owner, workspaceId } = await createTenant(db);
      const inputs = { strategy: { budget: 9 } };
      const { created, pipeline, runs } = await createPipeline(db, owner, { p_inputs: inputs });
      expect(created).toBe(true);
      expect(pipeline).toMatchObject({
        status: "running",
        step: 1,
        workspace_id: workspaceId,
        created_by: owner.userId,
      });
      expect(runs).toMatchObject([
        { mode: "strategy", phase: "queued", save_artifacts: true, input: { budget: 9 } },
      ]);
    }));

  test("is one, however often the same is asked under one key or id", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      for (const same of [{ p_idempotency_key: "once" }, { p_id: randomUUID() }]) {
        const first = await createPipeline(db, owner, same);
        const again = await createPipeline(db, owner, same);
        const { pipeline, runs } = first;
        expect(again).toEqual({ pipeline, runs, created: false });
      }
      const other = { p_idempotency_key: "once", p_inputs: { strategy: { budget: 1 } } };
      const refusal = await refusalOf(createPipeline(db, owner, other));
      expect(refusal.message).toBe("idempotency_mismatch");
    }));
});

describe("a step that completes", () => {
  test("hands what it saved to the next, to the last, and the rows hang under one another", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const { pipeline } = await createPipeline(db, owner, {
        p_inputs: { campaigns: { channels: ["email"], funnelId: randomUUID() } },
      });
      const ends = [];
      for (const _step of pipeline.steps) ends.push(await completeStep(db, pipeline.id));
      const { pipeline: done, runs } = await readPipeline(db, pipeline.id);
      expect(done).toMatchObject({ status: "completed", step: 4, failed_step: null });
      expect(done.completed_at).not.toBeNull();
      const [planId, funnelId, campaignId] = runs.flatMap(({ artifacts }) => idsOf(artifacts));
      expect(runs.map(({ input }) => input)).toEqual([
        {},
        { planId },
        { channels: ["email"], planId, funnelId },
        { campaignId },
      ]);
      expect(ends.map(({ next }) => next?.id)).toEqual([
        runs[1]?.id,
        runs[2]?.id,
        runs[3]?.id,
        undefined,
      ]);
      expect(runs.every(({ created_by }) => created_by === owner.userId)).toBe(true);
    }));

  test("whose end is reported again names the next again, and starts it once", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const { pipeline, runs } = await createPipeline(db, owner);
      const first = await completeStep(db, pipeline.id);
      const again = await finalize(db, { runId: runs[0]?.id ?? "" });
      expect(again).toEqual({ ...first, applied: false });
      expect((await readPipeline(db, pipeline.id)).runs).toHaveLength(2);
    }));

  test("whose worker dies before it adds the job is followed all the same: the sweep adds it", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const { pipeline } = await createPipeline(db, owner);
      const { next } = await completeStep(db, pipeline.id);
      await db.query("update public.agent_runs set enqueue_after = now() where id = $1", [
        next?.id,
      ]);
      const { enqueue } = await sweep(db, await startElder(db));
      expect(enqueue.map(({ id }) => id)).toContain(next?.id);
    }));

  test.each([
    [
      "was removed",
      "delete from public.workspace_members where user_id = $1",
      "workspace_forbidden",
    ],
    [
      "may only read now",
      "update public.workspace_members set role = 'viewer' where user_id = $1",
      "role_forbidden",
    ],
  ])("of a member who %s is the last: the chain stops, and says why", (_what, change, code) =>
    inRollback(async (db) => {
      const { workspaceId } = await createTenant(db);
      const member = await addMember(db, workspaceId, "member");
      const { pipeline } = await createPipeline(db, member, { p_workspace_id: workspaceId });
      await db.query(change, [member.userId]);
      const { run, next } = await completeStep(db, pipeline.id);
      expect([run.status, next]).toEqual(["completed", undefined]);
      const shown = await readPipeline(db, pipeline.id);
      expect(shown.runs).toHaveLength(1);
      expect(shown.pipeline).toMatchObject({
        status: "failed",
        failed_step: "funnels",
        error_code: code,
      });
      expect(shown.pipeline.error_message).toMatch(/may not run in this workspace/);
    }),
  );
});

describe("a step that does not complete stops the chain, whoever ended it:", () => {
  const failed = (code: string) => ({ status: "failed", failed_step: "funnels", error_code: code });
  const ends: [string, (db: Database, pipelineId: string) => Promise<unknown>, object][] = [
    [
      "its worker",
      async (db, id) => {
        const { id: runId } = await claimStep(db, id);
        return finalize(
          db,
          { runId },
          { status: "failed", error_code: "invalid_output", error_message: "Bad." },
        );
      },
      { ...failed("invalid_output"), error_message: "Bad." },
    ],
    [
      "what it saved being refused",
      async (db, id) => {
        const { id: runId } = await claimStep(db, id);
        return finalize(
          db,
          { runId },
          { status: "completed", artifacts: [{ table: "workspaces" }] },
        );
      },
      failed("artifacts_rejected"),
    ],
    [
      "its third failure",
      async (db, id) => {
        const { id: runId } = await claimStep(db, id);
        await db.query("update public.agent_runs set app_retries = 2 where id = $1", [runId]);
        return release(db, { runId }, { kind: "failed", code: "gateway_error", message: "No." });
      },
      failed("gateway_error"),
    ],
    [
      "its third lost worker",
      async (db, id) => {
        const { id: runId } = await claimStep(db, id);
        await db.query("update public.agent_runs set infra_retries = 2 where id = $1", [runId]);
        await lapse(db, (await readRun(db, runId)).worker_id ?? "");
        return sweep(db, await startElder(db));
      },
      failed("worker_lost"),
    ],
    [
      "the sweep, because it waited too long",
      async (db, id) => {
        await db.query(
          "update public.agent_runs set expires_at = now() where pipeline_id = $1 and status = 'running'",
          [id],
        );
        return sweep(db, await startElder(db));
      },
      failed("expired"),
    ],
  ];
  test.each(ends)("%s", (_who, end, expected) =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const { pipeline } = await createPipeline(db, owner);
      await completeStep(db, pipeline.id);
      await end(db, pipeline.id);
      const shown = await readPipeline(db, pipeline.id);
      expect(shown.pipeline).toMatchObject(expected);
      expect(shown.runs).toHaveLength(2);
      expect(idsOf(shown.runs[0]?.artifacts)).toHaveLength(1);
    }),
  );
});

test("a run outside of any pipeline starts nothing, and its end names no next", () =>
  inRollback(async (db) => {
    const { owner } = await createTenant(db);
    const { run } = await createRun(db, owner);
    await claim(db, run.id, await startWorker(db));
    expect(await finalize(db, { runId: run.id })).not.toHaveProperty("next");
  }));
