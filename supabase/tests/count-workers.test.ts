import { expect, test } from "vitest";
import { anon, type Database, inRollback } from "../../test/support/database.ts";
import { isLost, lapse, startElder, startWorker, sweep } from "./support/ledger.ts";
import { createTenant } from "./support/tenant.ts";

const count = (db: Database, caller = anon) =>
  db.call<{ alive: number }>(caller, "count_workers", {});

test("workers count while their lease holds, for whoever asks", () =>
  inRollback(async (db) => {
    // Other tests' workers must not come and go between two counts.
    await db.query("lock table public.workers in share row exclusive mode");
    const { owner } = await createTenant(db);
    const { alive } = await count(db);
    const [elder, worker] = [await startElder(db), await startWorker(db)];
    expect(await count(db, owner)).toEqual({ alive: alive + 2 });

    await lapse(db, worker);
    expect(await count(db)).toEqual({ alive: alive + 1 });
    await sweep(db, elder);
    expect(await isLost(db, worker)).toBe(true);
    // Lost is for good, whatever its lease says.
    await db.query("update public.workers set lease_expires_at = 'infinity' where id = $1", [
      worker,
    ]);
    expect(await count(db)).toEqual({ alive: alive + 1 });
  }));
