/** Budgets under concurrency: sixteen connections, one budget. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase, refusalOf } from "../../test/support/database.ts";
import {
  callOf,
  complete,
  draw,
  placePrice,
  readBooks,
  setBudget,
  sumsOf,
} from "./support/budgets.ts";
import { createRun, startRun } from "./support/ledger.ts";
import { createOwnDatabase } from "./support/own-database.ts";
import { createTenant, type Tenant } from "./support/tenant.ts";

const CONNECTIONS = 16;
const own = await createOwnDatabase();
const first = await openDatabase(own.url);
const connections: Database[] = [];

beforeAll(async () => {
  for (let n = 0; n < CONNECTIONS; n += 1) connections.push(await openDatabase(own.url));
  await placePrice(first);
  await first.query(
    `update private.tenant_limits set runs_per_minute = 1e9, runs_per_hour = 1e9, runs_per_day = 1e9,
       user_runs_per_minute = 1e9, user_runs_per_hour = 1e9, user_runs_per_day = 1e9
     where tenant_id is null`,
  );
});
afterAll(async () => {
  await Promise.all([first, ...connections].map((db) => db.close()));
  await own.close();
});

/** Does the work of each item once, on whichever connection is free. */
async function atOnce<Item>(
  items: readonly Item[],
  work: (db: Database, item: Item) => Promise<void>,
) {
  const left = [...items];
  await Promise.all(
    connections.map(async (db) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(db, item);
    }),
  );
}

/** A tenant whose runs have cost 1000 each. */
async function arrange(cap: number): Promise<Tenant> {
  const tenant = await createTenant(first);
  await complete(first, (await startRun(first, tenant)).runId, 1000);
  // What was spent before does not count here: the budget of the day begins with it.
  await setBudget(first, tenant, { day: cap + 1000 });
  return tenant;
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

test("of requests at once exactly as many are accepted as the budget has reserves for", async () => {
  const tenant = await arrange(100_000);
  let accepted = 0;
  const refusals = new Set<string>();
  await atOnce(numbers(400), async (db) => {
    const refusal = createRun(db, tenant.owner).then(() => {
      accepted += 1;
    });
    await refusal.catch(async () => refusals.add((await refusalOf(refusal)).message));
  });
  // A thousand each, then a quarter of what is left, and at the end what is worth a call.
  let left = 100_000;
  let fitting = 0;
  for (const least = 11; left >= least; fitting += 1) {
    left -= Math.min(1000, Math.max(Math.floor(left / 4), least));
  }
  expect({ accepted, refusals: [...refusals] }).toEqual({
    accepted: fitting,
    refusals: ["budget_exceeded"],
  });
  const reserved = 100_000 - left;
  expect(await readBooks(first, tenant)).toEqual([{ period: "day", spent: 1000, reserved }]);
});

interface Streamed {
  readonly cost: number;
  readonly isStopped: boolean;
}

/** As a worker does: draws before it goes on, and stops when it is refused. A piece costs 40. */
async function stream(db: Database, tenant: Tenant, tokens: number): Promise<Streamed> {
  const { runId } = await startRun(db, tenant);
  let used = 0;
  let granted = 0;
  while (used < tokens) {
    while (used < tokens && used < granted) used += 4;
    if (used >= tokens) break;
    const reply = await draw(db, { runId }, callOf(0, used));
    if (reply.kind !== "granted") break;
    granted = reply.tokens ?? Number.POSITIVE_INFINITY;
  }
  await complete(db, runId, 0, used);
  return { cost: used * 10, isStopped: used < tokens };
}

/** Of 60 to 140 tokens: they cost 1000 on average. */
const lengths = numbers(100).map((n) => 60 + ((n * 37) % 81));
const total = lengths.reduce((sum, length) => sum + Math.ceil(length / 4) * 40, 0);

test("when everything fits with a hundredth to spare, nothing is refused", async () => {
  const tenant = await arrange(Math.ceil(total * 1.01));
  const ends: Streamed[] = [];
  await atOnce(lengths, async (db, length) => {
    ends.push(await stream(db, tenant, length));
  });
  expect(ends.filter(({ isStopped }) => isStopped)).toEqual([]);
  const { attempts } = await sumsOf(first, tenant);
  expect(await readBooks(first, tenant)).toEqual([{ period: "day", spent: attempts, reserved: 0 }]);
  expect(attempts).toBe(1000 + total);
});

test("when half of it fits, the budget is used up and exceeded by a piece of a run at most", async () => {
  const cap = Math.ceil(total / 2);
  const tenant = await arrange(cap);
  const ends: Streamed[] = [];
  await atOnce(lengths, async (db, length) => {
    const end = await stream(db, tenant, length).catch(() => ({ cost: 0, isStopped: true }));
    ends.push(end);
  });
  const { attempts } = await sumsOf(first, tenant);
  const stopped = ends.filter(({ isStopped, cost }) => isStopped && cost > 0).length;
  expect(await readBooks(first, tenant)).toEqual([{ period: "day", spent: attempts, reserved: 0 }]);
  expect(attempts - 1000).toBeGreaterThanOrEqual(cap * 0.99);
  expect(attempts - 1000).toBeLessThanOrEqual(cap + stopped * 40);
  expect(ends.filter(({ isStopped }) => !isStopped).length).toBeGreaterThan(lengths.length / 4);
});
