import { expect, test } from "vitest";
import {
  anon,
  type Database,
  inRollback,
  refusalOf,
  service,
  user,
} from "../../test/support/database.ts";
import {
  cancel,
  claim,
  createRun,
  finalize,
  lapse,
  readAttempts,
  readRun,
  reconcile,
  release,
  startElder,
  startRun,
  startWorker,
  sweep,
} from "./support/ledger.ts";
import { addMember, createTenant, type Tenant } from "./support/tenant.ts";

const USAGE = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };

test("every attempt leaves a row: who, when, how it went and what it used", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    const [open] = await readAttempts(db, runId);
    expect(open).toMatchObject({ attempt: 1, worker_id: workerId, ended_at: null, outcome: null });

    const failed = { kind: "failed", code: "gateway_error", delay_ms: 0 };
    await release(db, { runId }, { ...failed, usage: USAGE, text_length: 4, output_text: "half" });
    const second = await startWorker(db);
    await claim(db, runId, second);
    const later = { ...USAGE, total_tokens: 9 };
    await finalize(db, { runId, attempt: 2 }, { status: "completed", usage: later, model: "m" });

    expect(await readAttempts(db, runId)).toMatchObject([
      {
        worker_id: workerId,
        outcome: "released",
        reason: "gateway_error",
        usage: USAGE,
        text_length: 4,
      },
      { worker_id: second, outcome: "completed", reason: null, usage: later, model: "m" },
    ]);
    expect((await readRun(db, runId)).usage).toEqual(later);
    expect((await readAttempts(db, runId)).every(({ ended_at }) => ended_at !== null)).toBe(true);
  }));

const CALLS = [
  { call: 1, purpose: "answer", model: "m", usage: USAGE },
  { call: 2, purpose: "repair", model: "m", usage: null },
];
const STEPS = [{ answer: 1, step: "parse", passed: false }];
const WARNINGS = [{ kind: "sum", path: "budget", message: "The shares do not sum to 100." }];

test("each attempt keeps its own validation steps and calls, and the completed run its warnings", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    const report = { validation_steps: STEPS, calls: CALLS };
    await release(db, { runId }, { kind: "failed", delay_ms: 0, ...report, warnings: WARNINGS });
    expect((await readRun(db, runId)).warnings).toEqual([]);
    await claim(db, runId, workerId);
    await finalize(db, { runId, attempt: 2 }, { status: "completed", warnings: WARNINGS });

    expect(await readAttempts(db, runId)).toMatchObject([
      report,
      { validation_steps: [], calls: [] },
    ]);
    expect((await readRun(db, runId)).warnings).toEqual(WARNINGS);
  }));

test.each(["failed", "cancelled"])("a %s run has no output to warn of", (status) =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { runId } = await startRun(db, tenant);
    if (status === "cancelled") await cancel(db, tenant.owner, runId);
    await finalize(db, { runId }, { status, warnings: WARNINGS, validation_steps: STEPS });
    expect(await readRun(db, runId)).toMatchObject({ status, warnings: [] });
    expect(await readAttempts(db, runId)).toMatchObject([{ validation_steps: STEPS }]);
  }),
);

test("a report of another form keeps no run from ending", () =>
  inRollback(async (db) => {
    const { runId } = await startRun(db, await createTenant(db));
    const odd = { validation_steps: "none", calls: null, warnings: { kind: "sum" } };
    await finalize(db, { runId }, { status: "completed", ...odd });
    expect(await readRun(db, runId)).toMatchObject({ status: "completed", warnings: [] });
    expect(await readAttempts(db, runId)).toMatchObject([{ validation_steps: [], calls: [] }]);
  }));

test("a run keeps the last reported usage when the attempt after it reports none", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    await release(db, { runId }, { kind: "drain", delay_ms: 0, usage: USAGE });
    await claim(db, runId, workerId);
    await finalize(db, { runId, attempt: 2 }, { status: "failed", usage: null });
    expect((await readRun(db, runId)).usage).toEqual(USAGE);
    expect((await readAttempts(db, runId)).map(({ usage }) => usage)).toEqual([USAGE, null]);
  }));

interface Fate {
  readonly name: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly meet: (
    db: Database,
    held: { runId: string; workerId: string; tenant: Tenant },
  ) => Promise<unknown>;
}

const takeAway = async (db: Database, { workerId }: { workerId: string }) => {
  const elder = await startElder(db);
  await lapse(db, workerId);
  await sweep(db, elder);
};

const FATES: readonly Fate[] = [
  {
    name: "failed by its worker",
    outcome: "failed",
    reason: "payment_required",
    meet: (db, { runId }) =>
      finalize(db, { runId }, { status: "failed", error_code: "payment_required" }),
  },
  {
    name: "cancelled",
    outcome: "cancelled",
    reason: null,
    meet: async (db, { runId, tenant }) => {
      await cancel(db, tenant.owner, runId);
      await finalize(db, { runId });
    },
  },
  {
    name: "released for good",
    outcome: "failed",
    reason: "gateway_error",
    meet: async (db, { runId }) => {
      await db.query("update private.run_policy set max_app_retries = 1");
      await release(db, { runId }, { kind: "failed", code: "gateway_error" });
    },
  },
  {
    name: "released by a draining worker",
    outcome: "released",
    reason: "drain",
    meet: (db, { runId }) => release(db, { runId }, { kind: "drain", delay_ms: 0 }),
  },
  { name: "left by a lost worker", outcome: "lost", reason: "worker_lost", meet: takeAway },
  {
    name: "left by the last worker that a run may lose",
    outcome: "lost",
    reason: "worker_lost",
    meet: async (db, held) => {
      await db.query("update private.run_policy set max_infra_retries = 1");
      await takeAway(db, held);
    },
  },
  {
    name: "left by a lost worker after a cancel",
    outcome: "lost",
    reason: "worker_lost",
    meet: async (db, held) => {
      await cancel(db, held.tenant.owner, held.runId);
      await takeAway(db, held);
    },
  },
  {
    name: "never heard of",
    outcome: "lost",
    reason: "reply_lost",
    meet: async (db, { runId, workerId }) => {
      await db.query("update public.agent_runs set claimed_at = '-infinity' where id = $1", [
        runId,
      ]);
      await reconcile(db, workerId, []);
    },
  },
  {
    name: "past its deadline",
    outcome: "failed",
    reason: "deadline_exceeded",
    meet: async (db, { runId, workerId }) => {
      await db.query("update public.agent_runs set deadline_at = '-infinity' where id = $1", [
        runId,
      ]);
      await sweep(db, workerId);
    },
  },
];

test.each(FATES)("an attempt that was $name is reported as $outcome", ({ outcome, reason, meet }) =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const held = await startRun(db, tenant);
    await meet(db, { ...held, tenant });
    const [attempt, ...others] = await readAttempts(db, held.runId);
    expect(attempt).toMatchObject({ outcome, reason });
    expect(attempt?.ended_at).not.toBeNull();
    expect(others).toEqual([]);
  }),
);

test("what becomes of a run between two attempts does not touch the first one's row", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { runId } = await startRun(db, tenant);
    await release(db, { runId }, { kind: "drain", delay_ms: 0 });
    const before = await readAttempts(db, runId);
    await cancel(db, tenant.owner, runId);
    expect(await readAttempts(db, runId)).toEqual(before);
  }));

test("a refused claim and a superseded worker leave no trace", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    await claim(db, runId, workerId);
    await finalize(db, { runId, attempt: 7 });
    expect(await readAttempts(db, runId)).toMatchObject([{ attempt: 1, outcome: null }]);
  }));

test("a text that a release handed in stays with a run that SQL ends", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    const half = { output_text: "half", text_length: 4 };
    await release(db, { runId }, { kind: "rate_limited", delay_ms: 0, ...half });
    await db.query("update public.agent_runs set deadline_at = '-infinity' where id = $1", [runId]);
    await sweep(db, workerId);
    expect(await readRun(db, runId)).toMatchObject({ status: "failed", ...half });
  }));

test("a text that a lost worker wrote is not in the row: neither its own nor the one before", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    await release(
      db,
      { runId },
      { kind: "drain", delay_ms: 0, output_text: "old", text_length: 3 },
    );
    await claim(db, runId, workerId);
    await db.query("update private.run_policy set max_infra_retries = 1");
    await takeAway(db, { workerId });
    expect(await readRun(db, runId)).toMatchObject({
      error_code: "worker_lost",
      output_text: null,
      text_length: 0,
    });
  }));

test("a workspace's members read its attempts, others see none, and nobody writes them", () =>
  inRollback(async (db) => {
    const [tenant, other] = [await createTenant(db), await createTenant(db)];
    const viewer = await addMember(db, tenant.workspaceId, "viewer");
    const { runId } = await startRun(db, tenant);
    await createRun(db, other.owner);
    const read = "select run_id from public.agent_run_attempts";

    expect(await db.as(tenant.owner, read)).toEqual([{ run_id: runId }]);
    expect(await db.as(viewer, read)).toEqual([{ run_id: runId }]);
    expect(await db.as(other.owner, read)).toEqual([]);
    expect(await db.as(user(crypto.randomUUID()), read)).toEqual([]);
    expect(await refusalOf(db.as(anon, read))).toMatchObject({ code: "42501" });
    for (const writer of [tenant.owner, service]) {
      for (const write of [
        "update public.agent_run_attempts set reason = 'mine'",
        "delete from public.agent_run_attempts",
      ]) {
        expect(await refusalOf(db.as(writer, write))).toMatchObject({ code: "42501" });
      }
    }
  }));
