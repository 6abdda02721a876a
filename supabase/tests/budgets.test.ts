import { expect, test } from "vitest";
import { type Database, inRollback, refusalOf } from "../../test/support/database.ts";
import {
  complete,
  placeOldRun,
  placePrice,
  readBooks,
  setBudget,
  sumsOf,
} from "./support/budgets.ts";
import { createRun, readRun, startRun } from "./support/ledger.ts";
import { createTenant, type Tenant } from "./support/tenant.ts";

/** A tenant with prices that are whole numbers, and a first reserve of 1000. */
async function arrange(db: Database): Promise<Tenant> {
  await placePrice(db);
  await db.query("update private.run_policy set first_reserve_micros = 1000");
  return createTenant(db);
}

const day = (spent: number, reserved: number) => ({ period: "day", spent, reserved });
const month = (spent: number, reserved: number) => ({ period: "month", spent, reserved });

interface Refused {
  readonly message: string;
  readonly opens_at?: string;
  readonly retry_after?: number;
}

async function refused(db: Database, tenant: Tenant) {
  const { message, detail = "{}" } = await refusalOf(createRun(db, tenant.owner));
  const shown: Refused = JSON.parse(detail);
  return { code: message, ...shown };
}

test("without a budget nothing is reserved and no row is written", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    const { runId } = await startRun(db, tenant);
    await complete(db, runId, 50);
    expect(await readRun(db, runId)).toMatchObject({ reserved_micros: 0, cost_micros: 50 });
    expect(await readBooks(db, tenant)).toEqual([]);
  }));

test("a run reserves in the day and in the month, and its end books what it has cost", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    await setBudget(db, tenant, { day: 1_000_000, month: 9_000_000 });
    const { runId } = await startRun(db, tenant);
    expect(await readRun(db, runId)).toMatchObject({ reserved_micros: 1000 });
    expect(await readBooks(db, tenant)).toEqual([day(0, 1000), month(0, 1000)]);

    await complete(db, runId, 77);
    expect(await readRun(db, runId)).toMatchObject({ reserved_micros: 0, cost_micros: 77 });
    expect(await readBooks(db, tenant)).toEqual([day(77, 0), month(77, 0)]);
  }));

test("what such runs have cost lately is reserved, and a quarter of what is left when that is less", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    for (const cost of [100, 200]) await complete(db, (await startRun(db, tenant)).runId, cost);
    await setBudget(db, tenant, { day: 300 + 700 });
    expect((await createRun(db, tenant.owner)).run).toMatchObject({ reserved_micros: 150 });
    expect((await createRun(db, tenant.owner)).run).toMatchObject({ reserved_micros: 137 });
    expect(await readBooks(db, tenant)).toEqual([day(300, 287)]);
  }));

test("a mode that nobody has completed reserves a hundredth of what is left, so that many fit", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    await setBudget(db, tenant, { day: 20_000 });
    expect((await createRun(db, tenant.owner)).run).toMatchObject({ reserved_micros: 200 });
    expect((await createRun(db, tenant.owner)).run).toMatchObject({ reserved_micros: 198 });
  }));

test("a budget that is used up refuses with its name, what is left and when it opens again", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    await setBudget(db, tenant, { day: 100 });
    await complete(db, (await startRun(db, tenant)).runId, 100);
    const refusal = await refused(db, tenant);
    expect(refusal).toMatchObject({
      ...{ code: "budget_exceeded", message: expect.stringContaining("of this day is used up") },
      ...{ budget: "day", cap_micros: 100, left_micros: 0 },
    });
    const opensAt = new Date(refusal.opens_at ?? "");
    expect(opensAt.toISOString()).toMatch(/T00:00:00.000Z$/);
    const left = (opensAt.getTime() - Date.now()) / 1000;
    expect(refusal.retry_after).toBeGreaterThan(left - 60);
    expect(refusal.retry_after).toBeLessThanOrEqual(86_400);
    expect(refusal.message).toContain(opensAt.toISOString().slice(0, 10));
  }));

test("of a day and a month that are used up, the one that opens last is named", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    await setBudget(db, tenant, { day: 0, month: 0 });
    expect(await refused(db, tenant)).toMatchObject({ budget: "month" });
  }));

test("a budget for each run is no window: it limits the reserve, and 0 refuses every run", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    await setBudget(db, tenant, { run: 300 });
    expect((await createRun(db, tenant.owner)).run).toMatchObject({ reserved_micros: 300 });
    expect(await readBooks(db, tenant)).toEqual([]);
    await setBudget(db, tenant, { run: 0 });
    expect(await refused(db, tenant)).toMatchObject({ code: "budget_exceeded", budget: "run" });
  }));

test("a budget that is set in the middle of a day counts what the day has cost and holds already", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    await complete(db, (await startRun(db, tenant)).runId, 70);
    await setBudget(db, tenant, { month: 100_000 });
    await createRun(db, tenant.owner);
    await setBudget(db, tenant, { day: 100_000, month: 100_000 });
    await createRun(db, tenant.owner);
    const { reserved } = await sumsOf(db, tenant);
    expect(await readBooks(db, tenant)).toEqual([day(70, reserved), month(70, reserved)]);
  }));

test("an override that has ended limits nothing, and a raised budget works at once", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    await setBudget(db, tenant, { day: 0 });
    await refused(db, tenant);
    await setBudget(db, tenant, { day: 10_000 });
    await createRun(db, tenant.owner);
    await setBudget(db, tenant, { day: 0 });
    await db.query("update private.tenant_limits set until = now() where tenant_id = $1", [
      tenant.tenantId,
    ]);
    expect((await createRun(db, tenant.owner)).run).toMatchObject({ reserved_micros: 0 });
  }));

const YESTERDAY = "(now() - interval '1 day')";

test("a run that ends after midnight is booked where it was reserved", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    await setBudget(db, tenant, { day: 10_000 });
    const old = await placeOldRun(db, tenant, { at: YESTERDAY, reserve: 500 });
    await db.query(
      `insert into private.budgets (tenant_id, period, starts_on, spent_micros, reserved_micros)
       values ($1, 'day', (${YESTERDAY} at time zone 'UTC')::date, 40, 500)`,
      [tenant.tenantId],
    );
    await createRun(db, tenant.owner);
    await complete(db, old, 60);
    expect(await readBooks(db, tenant, YESTERDAY)).toEqual([day(100, 0)]);
    expect(await readBooks(db, tenant)).toEqual([day(0, 100)]);
  }));

test("what was used up yesterday or last month holds nobody back today", () =>
  inRollback(async (db) => {
    const tenant = await arrange(db);
    await setBudget(db, tenant, { day: 10_000, month: 10_000 });
    await db.query(
      `insert into private.budgets (tenant_id, period, starts_on, spent_micros, reserved_micros)
       values ($1, 'day', (now() at time zone 'UTC')::date - 1, 10000, 0),
         ($1, 'month', (date_trunc('month', now() at time zone 'UTC') - interval '1 month')::date, 10000, 0)`,
      [tenant.tenantId],
    );
    await createRun(db, tenant.owner);
  }));

test("the time zone of a session moves neither a day nor a month", () =>
  inRollback(async (db) => {
    const starts = async (zone: string) => {
      await db.query("select set_config('timezone', $1, true)", [zone]);
      return db.query<{ starts: string; opens: number }>(
        `select p.starts_on::text as starts, extract(epoch from p.opens_at)::float8 as opens
         from private.budget_periods(jsonb_populate_record(null::private.tenant_limits,
           '{"budget_day_micros": 1, "budget_month_micros": 1}'), '2026-12-31T23:30:00Z') p`,
      );
    };
    const newYear = Date.parse("2027-01-01T00:00:00Z") / 1000;
    const expected = [
      { starts: "2026-12-01", opens: newYear },
      { starts: "2026-12-31", opens: newYear },
    ];
    expect(await starts("Pacific/Kiritimati")).toEqual(expected);
    expect(await starts("America/Los_Angeles")).toEqual(expected);
  }));
