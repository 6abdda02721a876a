import { expect, test } from "vitest";
import { type Snapshot, sumMetrics, toAggregate } from "../marketing/metrics/aggregate-metrics.ts";
import { measuredValue } from "./measured-value.ts";

const day = "2026-03-01";

/** Numbers with clicks out of 10 000 impressions, and conversions out of 100 clicks. */
function aggregateOf(of: Partial<Snapshot>) {
  const empty = { impressions: 10_000, clicks: 100, conversions: 0, cost: 0, revenue: 0 };
  const sums = sumMetrics([{ snapshot_date: day, ...empty, ...of }], { from: day, to: day });
  return sums && toAggregate(sums);
}

const half = aggregateOf({ clicks: 50 });
const ctrLike = (current: number | null, target: number | null) =>
  measuredValue(half, "ctr", { current, target });

test("a rate is in the unit that the given number is nearer to", () => {
  expect(ctrLike(0.5, 0.8)).toBe(0.5);
  expect(ctrLike(0.6, null)).toBe(0.5);
  expect(ctrLike(0.005, 0.08)).toBe(0.005);
  expect(ctrLike(0.006, null)).toBe(0.005);
});

test("without a given number a rate is in the unit of its target, and without both a fraction", () => {
  expect(ctrLike(null, 0.8)).toBe(0.5);
  expect(ctrLike(null, 0.008)).toBe(0.005);
  expect(ctrLike(null, null)).toBe(0.005);
});

test("a target above 1 is in percent, however the given number is written", () => {
  expect(ctrLike(0.005, 2)).toBe(0.5);
});

test("more conversions than clicks are a fraction above 1, or a percentage above 100", () => {
  const many = aggregateOf({ conversions: 150 });
  const rateLike = (current: number) =>
    measuredValue(many, "conversion_rate", { current, target: null });

  expect(rateLike(1.5)).toBe(1.5);
  expect(rateLike(150)).toBe(150);
});

test("a number that is no rate or was not measured keeps its value", () => {
  expect(measuredValue(half, "clicks", { current: 0.5, target: null })).toBe(50);
  expect(measuredValue(null, "ctr", { current: 0.5, target: null })).toBeNull();
});
