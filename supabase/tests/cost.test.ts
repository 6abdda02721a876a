/** What attempts and runs cost, by the reports of their workers and the table of prices. */
import { describe, expect, test } from "vitest";
import { type Database, inRollback, service } from "../../test/support/database.ts";
import {
  claim,
  createRun,
  finalize,
  lapse,
  readAttempts,
  readRun,
  release,
  startElder,
  startRun,
  startWorker,
  sweep,
} from "./support/ledger.ts";
import { createTenant } from "./support/tenant.ts";

const MODEL = "google/gemini-2.5-flash";
/** 1 000 tokens at $0.30, and 2 000 at $2.50, for a million each. */
const USAGE = { prompt_tokens: 1000, completion_tokens: 2000, total_tokens: 3000 };
const MICROS = 5300;

const call = (members: object = {}) => ({
  call: 1,
  purpose: "answer",
  model: MODEL,
  usage: USAGE,
  ...members,
});

const setPrice = (db: Database, model: string, inputMicros: number, validFrom = "-infinity") =>
  db.query(
    `insert into private.prices (model, valid_from, input_micros, output_micros, source, checked_on)
     values ($1, $2, $3, 0, 'a test', '2026-12-01')`,
    [model, validFrom, inputMicros],
  );

async function costOf(db: Database, calls: readonly unknown[]) {
  const { runId } = await startRun(db, await createTenant(db));
  await finalize(db, { runId }, { status: "completed", calls });
  const [attempt] = await readAttempts(db, runId);
  return { ...attempt, cost: (await readRun(db, runId)).cost };
}

describe("a call costs", () => {
  const onlyPrompt = (prompt_tokens: number) => ({
    usage: { prompt_tokens, completion_tokens: 0, total_tokens: prompt_tokens },
  });
  test.each([
    ["its tokens at the price of its model", {}, MICROS, false],
    ["less for what came from a cache", { usage: { ...USAGE, cached_tokens: 400 } }, 5192, false],
    ["its thoughts as output", { usage: { ...USAGE, total_tokens: 3600 } }, 6800, false],
    ["what its gateway says, if it says so", { cost_micros: 12_300 }, 12_300, false],
    ["an estimate where there is no report", { estimated: true }, MICROS, true],
    ["nothing if nothing is due", { usage: null }, 0, false],
    ["nothing that is known without a price", { model: "nobody/knows" }, 0, true],
    ["whole millionths, rounded up from half", onlyPrompt(5), 2, false],
    ["whole millionths, rounded down below", onlyPrompt(4), 1, false],
    ["the price of the version's model", { model: "openai/gpt-5-mini-2025-08-07" }, 4250, false],
  ])("%s", async (_, members, micros, estimated) =>
    inRollback(async (db) => {
      const booked = await costOf(db, [call(members)]);
      expect(booked).toMatchObject({ cost_micros: micros, cost_estimated: estimated });
      expect(booked.cost).toEqual({ micros, currency: "USD", estimated });
      expect(booked.calls).toMatchObject([{ cost_micros: micros, estimated }]);
    }),
  );

  test.each([
    ["negative", { usage: { prompt_tokens: -5, completion_tokens: 1e300, total_tokens: "x" } }],
    ["a charge that is none", { usage: null, cost_micros: -1 }],
    ["not of its form", { usage: "many", model: 7, estimated: "yes" }],
  ])("nothing for a report that is nonsense: %s", async (_, members) =>
    inRollback(async (db) => {
      expect(await costOf(db, [call(members), "nothing", null])).toMatchObject({
        outcome: "completed",
        cost_micros: 0,
      });
    }),
  );
});

describe("the price", () => {
  test("of a provider's model comes before that of the model, and any before the last resort", () =>
    inRollback(async (db) => {
      const million = { usage: { prompt_tokens: 1_000_000, completion_tokens: 0 } };
      await setPrice(db, "*", 1);
      expect(await costOf(db, [call({ ...million, model: "a/b" })])).toMatchObject({
        cost_micros: 1,
        unpriced_calls: 0,
      });
      await setPrice(db, "b", 2);
      expect(await costOf(db, [call({ ...million, model: "A/B" })])).toMatchObject({
        cost_micros: 2,
      });
      await setPrice(db, "a/b", 3);
      expect(await costOf(db, [call({ ...million, model: "a/b" })])).toMatchObject({
        cost_micros: 3,
      });
    }));

  test("that becomes valid later changes nothing that was booked, and holds for attempts from then on", () =>
    inRollback(async (db) => {
      const { runId } = await startRun(db, await createTenant(db));
      await finalize(db, { runId }, { status: "completed", calls: [call()] });
      await db.query("update private.prices set input_micros = 0, output_micros = 0");
      expect(await readRun(db, runId)).toMatchObject({ cost_micros: MICROS });

      const future = "2100-01-01 00:00:00+00";
      await setPrice(db, "m", 7_000_000);
      await setPrice(db, "m", 9_000_000, future);
      const usage = { prompt_tokens: 1_000_000, completion_tokens: 0 };
      expect(await costOf(db, [call({ model: "m", usage })])).toMatchObject({
        cost_micros: 7_000_000,
      });
      await db.query("update private.prices set valid_from = now() where valid_from = $1", [
        future,
      ]);
      expect(await costOf(db, [call({ model: "m", usage })])).toMatchObject({
        cost_micros: 9_000_000,
      });
    }));

  test("of every seeded model has a source and a date", () =>
    inRollback(async (db) => {
      const prices = await db.query(
        "select from private.prices where source !~ 'https://' or checked_on > current_date",
      );
      expect(prices).toEqual([]);
    }));
});

test("a report of an older worker, with usage and without calls, is priced too", () =>
  inRollback(async (db) => {
    const { runId } = await startRun(db, await createTenant(db));
    await finalize(db, { runId }, { status: "failed", usage: USAGE, model: MODEL });
    expect(await readRun(db, runId)).toMatchObject({ cost_micros: MICROS, cost_estimated: false });
  }));

test("a run costs what all its attempts have cost, also the failed and the cancelled", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await startRun(db, await createTenant(db));
    const calls = [call(), call({ call: 2, usage: null }), call({ call: 3, purpose: "repair" })];
    await release(db, { runId }, { kind: "failed", delay_ms: 0, calls });
    expect((await readRun(db, runId)).cost).toMatchObject({ micros: 2 * MICROS, estimated: false });
    await claim(db, runId, workerId);
    await finalize(
      db,
      { runId, attempt: 2 },
      { status: "failed", calls: [call({ estimated: true })] },
    );

    const attempts = await readAttempts(db, runId);
    expect(attempts.map(({ cost_micros }) => Number(cost_micros))).toEqual([2 * MICROS, MICROS]);
    expect((await readRun(db, runId)).cost).toMatchObject({ micros: 3 * MICROS, estimated: true });
  }));

test("a run that ends in the queue costs nothing", () =>
  inRollback(async (db) => {
    const { owner } = await createTenant(db);
    const { run } = await createRun(db, owner);
    await db.call(owner, "cancel_run", { p_run_id: run.id });
    expect((await readRun(db, run.id)).cost).toEqual({
      micros: 0,
      currency: "USD",
      estimated: false,
    });
  }));

describe("what a worker noted of its calls", () => {
  const note = (db: Database, workerId: string, noted: readonly object[]) =>
    db.call<{ noted: number }>(service, "note_calls", {
      p_worker_id: workerId,
      p_noted: JSON.stringify(noted),
    });
  const takeAway = async (db: Database, workerId: string) => {
    const elder = await startElder(db);
    await lapse(db, workerId);
    await sweep(db, elder);
  };

  test("is what its attempt costs when the worker is lost, as an estimate", () =>
    inRollback(async (db) => {
      const { runId, workerId } = await startRun(db, await createTenant(db));
      const calls = [call(), call({ call: 2, purpose: "repair", estimated: true })];
      expect(await note(db, workerId, [{ id: runId, attempt: 1, calls }])).toEqual({ noted: 1 });
      await takeAway(db, workerId);
      expect(await readAttempts(db, runId)).toMatchObject([
        { outcome: "lost", usage: null, cost_estimated: true, calls },
      ]);
      expect((await readRun(db, runId)).cost).toMatchObject({
        micros: 2 * MICROS,
        estimated: true,
      });
    }));

  test("says that the cost is an estimate also when nothing was noted", () =>
    inRollback(async (db) => {
      const { runId, workerId } = await startRun(db, await createTenant(db));
      await takeAway(db, workerId);
      expect(await readAttempts(db, runId)).toMatchObject([
        { outcome: "lost", cost_micros: 0, cost_estimated: true },
      ]);
    }));

  test("is replaced by the worker's report", () =>
    inRollback(async (db) => {
      const { runId, workerId } = await startRun(db, await createTenant(db));
      await note(db, workerId, [{ id: runId, attempt: 1, calls: [call({ estimated: true })] }]);
      await finalize(db, { runId }, { status: "completed", calls: [call({ cost_micros: 7 })] });
      expect((await readRun(db, runId)).cost).toMatchObject({ micros: 7, estimated: false });
    }));

  test("counts for the attempts that it holds, and for no others", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const { runId, workerId } = await startRun(db, tenant);
      const stranger = await startWorker(db);
      const one = { id: runId, attempt: 1, calls: [call()] };
      expect(await note(db, stranger, [one])).toEqual({ noted: 0 });
      expect(await note(db, workerId, [{ ...one, attempt: 2 }])).toEqual({ noted: 0 });
      expect(await note(db, workerId, [{ ...one, calls: "none" }])).toEqual({ noted: 0 });
      await finalize(db, { runId }, { status: "completed", calls: [] });
      expect(await note(db, workerId, [one])).toEqual({ noted: 0 });
      expect(await readAttempts(db, runId)).toMatchObject([{ calls: [], cost_micros: 0 }]);
    }));
});
