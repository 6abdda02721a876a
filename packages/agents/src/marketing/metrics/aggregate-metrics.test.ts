import fc from "fast-check";
import { expect, test } from "vitest";
import { compareMetrics, type Snapshot, sumMetrics, toAggregate } from "./aggregate-metrics.ts";

const MARCH = { from: "2026-03-01", to: "2026-03-31" };
const FEBRUARY = { from: "2026-02-01", to: "2026-02-28" };

const day = fc.integer({ min: 1, max: 31 }).map((n) => `2026-03-${String(n).padStart(2, "0")}`);
const count = fc.option(fc.integer({ min: 0, max: 2_147_483_647 }), { nil: null });
/** Amounts in cents, which the model below adds as integers. */
const cents = fc.option(fc.integer({ min: -10_000_000, max: 100_000_000_000 }), { nil: null });
const row = fc.record({
  snapshot_date: fc.oneof(day, fc.constantFrom("2026-02-28", "2026-04-01")),
  impressions: count,
  clicks: count,
  conversions: count,
  cost: cents,
  revenue: cents,
});
type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never;

const inMoney = (given: number | null) => (given === null ? null : given / 100);
const toSnapshot = (given: Row): Snapshot => ({
  ...given,
  cost: inMoney(given.cost),
  revenue: inMoney(given.revenue),
});

/** Rounds to the nearest integer, half away from zero, by the remainder. */
function naiveRatio(part: bigint, whole: bigint, decimals: number): number | null {
  if (whole === 0n) return null;
  const sign = part < 0n !== whole < 0n ? -1n : 1n;
  const [a, b] = [part < 0n ? -part : part, whole < 0n ? -whole : whole];
  const scaled = a * 10n ** BigInt(decimals);
  const up = (scaled % b) * 2n >= b ? 1n : 0n;
  return Number(sign * (scaled / b + up)) / 10 ** decimals;
}

function aggregateOf(...snapshots: readonly Snapshot[]) {
  const sums = sumMetrics(snapshots, MARCH);
  return sums && toAggregate(sums);
}

/** The change from February to March. */
const changeOf = (...snapshots: readonly Snapshot[]) =>
  compareMetrics(sumMetrics(snapshots, MARCH), sumMetrics(snapshots, FEBRUARY));

test("sums and ratios are those of a model that counts in big integers", () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
      const inside = rows.filter(({ snapshot_date }) => snapshot_date.startsWith("2026-03"));
      const sum = (column: Exclude<keyof Row, "snapshot_date">) =>
        inside.reduce((total, one) => total + BigInt(one[column] ?? 0), 0n);
      const [impressions, clicks] = [sum("impressions"), sum("clicks")];
      const [conversions, cost, revenue] = [sum("conversions"), sum("cost"), sum("revenue")];

      const expected = {
        days_measured: new Set(inside.map((one) => one.snapshot_date)).size,
        impressions: Number(impressions),
        clicks: Number(clicks),
        conversions: Number(conversions),
        cost: Number(cost) / 100,
        revenue: Number(revenue) / 100,
        ctr: naiveRatio(clicks, impressions, 4),
        conversion_rate: naiveRatio(conversions, clicks, 4),
        cost_per_conversion: naiveRatio(cost, conversions * 100n, 2),
        roas: naiveRatio(revenue, cost, 4),
      };
      const given = aggregateOf(...rows.map(toSnapshot));

      // −0 and 0 are the same amount.
      expect(JSON.stringify(given)).toBe(JSON.stringify(inside.length > 0 ? expected : null));
    }),
  );
});

const measured = (clicks: number, cost: number): Snapshot => ({
  snapshot_date: "2026-03-01",
  impressions: 1000,
  clicks,
  conversions: 0,
  cost,
  revenue: null,
});

test("a ratio whose divisor is zero is unknown, not zero", () => {
  expect(aggregateOf({ ...measured(0, 10), impressions: null })).toMatchObject({
    impressions: 0,
    ctr: null,
    conversion_rate: null,
    cost_per_conversion: null,
    roas: 0,
  });
});

const inFebruary = (of: Snapshot): Snapshot => ({ ...of, snapshot_date: "2026-02-01" });

test("a change is in percent of the previous period, and unknown if that was zero", () => {
  const change = changeOf(measured(30, 0.3), inFebruary(measured(40, 0.1)));

  expect(change).toMatchObject({ clicks: -25, cost: 200, ctr: -25, conversions: null, roas: null });
  expect(changeOf(measured(1, 1))).toBeNull();
});

test("a ratio's change is that of what was divided, not of what it was rounded to", () => {
  const shown = (clicks: number) => ({ ...measured(clicks, 1), impressions: 100_000 });

  expect(changeOf(shown(34), inFebruary(shown(35)))).toMatchObject({ clicks: -2.9, ctr: -2.9 });
});

test("a ratio changes as a division says, unknown where one has no divisor or no base", () => {
  const amount = fc.integer({ min: -1_000, max: 1_000 });
  fc.assert(
    fc.property(amount, amount, amount, amount, (revenue, cost, oldRevenue, oldCost) => {
      const change = changeOf(
        { ...measured(1, cost), revenue },
        inFebruary({ ...measured(1, oldCost), revenue: oldRevenue }),
      );
      const [now, before] = [revenue / cost, oldRevenue / oldCost];
      const isKnown = cost !== 0 && oldCost !== 0 && oldRevenue !== 0;

      if (!isKnown) expect(change?.roas).toBeNull();
      else expect(change?.roas).toBeCloseTo((100 * (now - before)) / Math.abs(before), 0);
    }),
  );
});
