/** Whose turn it is to sweep: a worker that may take over goes before one that may not yet. */
import { expect, test } from "vitest";
import { type Database, inRollback, service } from "../../test/support/database.ts";
import { lapse, type Sweep, startElder, startWorker } from "./support/ledger.ts";

/** Asks, without forcing the turn, once the last sweep is so many periods ago. */
async function askAfter(db: Database, workerId: string, periods: number): Promise<boolean> {
  await db.query(
    "update private.sweep_state set at = now() - $1 * (select sweep_every from private.run_policy)",
    [periods],
  );
  const args = { p_worker_id: workerId, p_queue_lost: false };
  return (await db.call<Sweep>(service, "sweep_runs", args)).swept;
}

test("a worker that may take over sweeps when a period has passed, not before", () =>
  inRollback(async (db) => {
    const elder = await startElder(db);
    expect(await askAfter(db, elder, 0.9)).toBe(false);
    expect(await askAfter(db, elder, 1.1)).toBe(true);
  }));

test("a young worker leaves the turn to one that may take over, and sweeps when none comes", () =>
  inRollback(async (db) => {
    const young = await startWorker(db);
    expect(await askAfter(db, young, 1.9)).toBe(false);
    expect(await askAfter(db, young, 2.1)).toBe(true);
  }));

test("a worker whose own lease has lapsed counts as young", () =>
  inRollback(async (db) => {
    const elder = await startElder(db);
    await lapse(db, elder);
    expect(await askAfter(db, elder, 1.9)).toBe(false);
  }));
