/** After an outage of the database the leases of the living have lapsed, and nobody may profit. */
import { expect, test } from "vitest";
import { type Database, inRollback } from "../../test/support/database.ts";
import { beat, isLost, readRun, startElder, startRun, sweep } from "./support/ledger.ts";
import { createTenant } from "./support/tenant.ts";

/** Moves what the ledger knows about workers back in time: as if no call had come for so long. */
async function passTime(db: Database, workers: readonly string[], passed: string): Promise<void> {
  await db.query(
    `update public.workers set lease_expires_at = lease_expires_at - $2::interval,
       alive_since = alive_since - $2::interval where id = any ($1)`,
    [workers, passed],
  );
}

async function startPool(db: Database) {
  const tenant = await createTenant(db);
  const held = [await startRun(db, tenant), await startRun(db, tenant)];
  const sweeper = await startElder(db);
  return { held, sweeper, all: [sweeper, ...held.map(({ workerId }) => workerId)] };
}

const phasesOf = (db: Database, held: readonly { runId: string }[]) =>
  held.reduce<Promise<string[]>>(
    async (phases, { runId }) => [...(await phases), (await readRun(db, runId)).phase],
    Promise.resolve([]),
  );

test("the first worker that is back takes nothing from those that are not yet", () =>
  inRollback(async (db) => {
    const { held, sweeper, all } = await startPool(db);
    await passTime(db, all, "1 minute");
    await sweep(db, sweeper);
    await beat(db, sweeper);
    await sweep(db, sweeper);

    for (const { workerId } of held) {
      expect(await isLost(db, workerId)).toBe(false);
      expect(await beat(db, workerId)).toEqual({ lost: false, held: 1, cancel: [] });
    }
    expect(await phasesOf(db, held)).toEqual(["active", "active"]);
  }));

test("a lease later, those that never came back are lost, and the others keep their runs", () =>
  inRollback(async (db) => {
    const { held, sweeper, all } = await startPool(db);
    const [back, gone] = held;
    if (!back || !gone) throw new Error("The pool is too small.");
    await passTime(db, all, "1 minute");
    await beat(db, sweeper);
    await beat(db, back.workerId);
    const [policy] = await db.query<{ lease: string }>(
      "select lease::text as lease from private.run_policy",
    );
    // A lease of beats, as far as the ledger can see.
    await db.query("update public.workers set alive_since = now() - $2::interval where id = $1", [
      sweeper,
      policy?.lease,
    ]);
    await sweep(db, sweeper);

    expect(await phasesOf(db, [back, gone])).toEqual(["active", "queued"]);
    expect(await isLost(db, back.workerId)).toBe(false);
  }));

test("an outage that outlived some leases but not the sweeper's takes nothing from the living", () =>
  inRollback(async (db) => {
    const { held, sweeper, all } = await startPool(db);
    await db.query("update private.run_policy set lease = '4 seconds'");
    for (const workerId of all) await beat(db, workerId);
    await passTime(db, [sweeper], "3.5 seconds");
    await passTime(
      db,
      held.map(({ workerId }) => workerId),
      "4.4 seconds",
    );
    // The sweeper's lease still holds: it is back first, and the others have not beaten yet.
    await beat(db, sweeper);
    await sweep(db, sweeper);
    expect(await phasesOf(db, held)).toEqual(["active", "active"]);
  }));

test("a worker whose heartbeats are merely late now and then stays old enough to take over", () =>
  inRollback(async (db) => {
    const { held, sweeper } = await startPool(db);
    const [gone] = held;
    if (!gone) throw new Error("The pool is too small.");
    await db.query("update private.run_policy set lease = '4 seconds'");
    await beat(db, sweeper);
    await passTime(db, [sweeper], "1.9 seconds");
    await beat(db, sweeper);
    await passTime(db, [gone.workerId], "1 minute");
    await sweep(db, sweeper);
    expect(await isLost(db, gone.workerId)).toBe(true);
  }));
