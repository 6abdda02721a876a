import { expect, test } from "vitest";
import { type Database, inRollback } from "../../test/support/database.ts";
import {
  type Caps,
  callOf,
  complete,
  draw,
  placePrice,
  readBooks,
  setBudget,
} from "./support/budgets.ts";
import { claim, readAttempts, readRun, release, startRun } from "./support/ledger.ts";
import { createTenant } from "./support/tenant.ts";

/** A run that a worker holds, of a mode whose runs cost 1000: it has as much, and draws 200 at a time. */
async function arrange(db: Database, caps: Caps) {
  await placePrice(db);
  const tenant = await createTenant(db);
  await complete(db, (await startRun(db, tenant)).runId, 1000);
  await setBudget(db, tenant, caps);
  const { runId, workerId } = await startRun(db, tenant);
  return { tenant, runId, workerId };
}

/** What is left to others, beside the 1000 of the run that set the price. */
async function reservedIn(db: Database, tenant: Parameters<typeof readBooks>[1]): Promise<number> {
  return (await readBooks(db, tenant))[0]?.reserved ?? 0;
}

test("a call that the reserve covers is granted the tokens that it covers, and draws nothing", () =>
  inRollback(async (db) => {
    const { tenant, runId } = await arrange(db, { day: 1_000_000 });
    // 300 for the prompt; the other 700 are 70 tokens.
    expect(await draw(db, { runId }, callOf(300, 0))).toEqual({ kind: "granted", tokens: 70 });
    expect(await reservedIn(db, tenant)).toBe(1000);
  }));

test("an answer that comes near its reserve draws a fifth of what such runs cost", () =>
  inRollback(async (db) => {
    const { tenant, runId } = await arrange(db, { day: 1_000_000 });
    expect(await draw(db, { runId }, callOf(300, 65))).toEqual({ kind: "granted", tokens: 85 });
    expect(await reservedIn(db, tenant)).toBe(1151);
    expect(await readRun(db, runId)).toMatchObject({ reserved_micros: 1151 });
  }));

test("a prompt that costs more than the reserve is drawn whole before it is sent, or refused", () =>
  inRollback(async (db) => {
    const { runId } = await arrange(db, { day: 11_000 });
    expect(await draw(db, { runId }, callOf(5000, 0))).toMatchObject({ kind: "granted" });
    expect(await draw(db, { runId }, callOf(9_999, 0))).toMatchObject({ kind: "refused" });
  }));

test("steps become smaller when little is left, so that the last of it goes to who needs it", () =>
  inRollback(async (db) => {
    const { tenant, runId } = await arrange(db, { day: 2000 + 5000 });
    await draw(db, { runId }, callOf(0, 100));
    // The 80 of eight tokens and a hundredth of 5000, and not 200.
    expect(await reservedIn(db, tenant)).toBe(1130);
  }));

test("what is left when less than a step remains is taken; then the answer may use what it has", () =>
  inRollback(async (db) => {
    const { tenant, runId } = await arrange(db, { day: 1_000_000 });
    await setBudget(db, tenant, { day: 2000 + 30 });
    await draw(db, { runId }, callOf(0, 103));
    expect(await reservedIn(db, tenant)).toBe(1030);
    expect(await draw(db, { runId }, callOf(0, 102))).toEqual({ kind: "granted", tokens: 103 });
    expect(await draw(db, { runId }, callOf(0, 103))).toMatchObject({
      kind: "refused",
      budget: "day",
      message: expect.stringContaining("of this day is used up"),
    });
  }));

test("what a run returns is there for the draw of another", () =>
  inRollback(async (db) => {
    const { tenant, runId } = await arrange(db, { day: 1_000_000 });
    const other = await startRun(db, tenant);
    await setBudget(db, tenant, { day: 3000 });
    expect(await draw(db, { runId }, callOf(0, 100))).toMatchObject({ kind: "refused" });
    await complete(db, other.runId, 500);
    expect(await draw(db, { runId }, callOf(0, 100))).toMatchObject({ kind: "granted" });
  }));

test("the budget of a run holds for all of its attempts together", () =>
  inRollback(async (db) => {
    const { runId, workerId } = await arrange(db, { run: 900 });
    await release(db, { runId }, { kind: "drain", delay_ms: 0, calls: [callOf(600, 0)] });
    expect(await readRun(db, runId)).toMatchObject({ cost_micros: 600, reserved_micros: 300 });
    await claim(db, runId, workerId);
    const second = { runId, attempt: 2 };
    expect(await draw(db, second, callOf(200, 0))).toEqual({ kind: "granted", tokens: 10 });
    expect(await draw(db, second, callOf(200, 10))).toMatchObject({
      kind: "refused",
      budget: "run",
    });
  }));

test("earlier calls of the attempt count, each with what it has used", () =>
  inRollback(async (db) => {
    const { runId } = await arrange(db, { day: 1_000_000 });
    const calls = [callOf(300, 20), { ...callOf(100, 0), call: 2, purpose: "repair" }];
    expect(await draw(db, { runId }, ...calls)).toEqual({ kind: "granted", tokens: 40 });
  }));

test("an attempt that was superseded draws nothing", () =>
  inRollback(async (db) => {
    const { tenant, runId, workerId } = await arrange(db, { day: 1_000_000 });
    await release(db, { runId }, { kind: "drain", delay_ms: 0 });
    await claim(db, runId, workerId);
    const before = await reservedIn(db, tenant);
    expect(await draw(db, { runId }, callOf(0, 90))).toEqual({ kind: "superseded" });
    expect(await reservedIn(db, tenant)).toBe(before);
  }));

test("a draw notes what has been used, which is billed if nobody reports", () =>
  inRollback(async (db) => {
    const { runId } = await arrange(db, { day: 1_000_000 });
    await draw(db, { runId }, callOf(0, 45));
    const [attempt] = await readAttempts(db, runId);
    expect(attempt?.calls).toEqual([{ ...callOf(0, 45), estimated: true }]);
  }));

test("a run whose budget was lifted may use any number of tokens, and so may a model without a price", () =>
  inRollback(async (db) => {
    const { tenant, runId } = await arrange(db, { day: 2000 });
    const free = { ...callOf(0, 99_999), model: "test/without-a-price" };
    expect(await draw(db, { runId }, free)).toEqual({ kind: "granted", tokens: null });
    await setBudget(db, tenant, {});
    expect(await draw(db, { runId }, callOf(0, 99_999))).toEqual({ kind: "granted", tokens: null });
  }));
