import { expect, test } from "vitest";
import { SAMPLE_IDS, SAMPLE_ROWS, type SampleRows } from "../../../test/sample-rows.ts";
import { sampleSource } from "../../../test/sample-source.ts";
import { readMeasured, toBudgetBuys } from "./read-measured.ts";

const [plan] = SAMPLE_ROWS.cmo_marketing_plans ?? [];
if (!plan) throw new Error("The sample has a plan.");

const read = (rows: SampleRows = {}, scope: { budget?: number; planId?: string } = {}) =>
  readMeasured(sampleSource({ ...SAMPLE_ROWS, ...rows }).db, {
    today: "2026-03-02",
    budget: scope.budget ?? null,
    planId: scope.planId,
  });

test("the numbers of 90 days are read in all, by campaign and by channel", async () => {
  const { metrics } = await read();

  expect(metrics?.current_period).toEqual({ from: "2025-12-03", to: "2026-03-02" });
  expect(metrics?.totals.current?.clicks).toBe(360);
  expect(metrics?.by_campaign.length).toBeGreaterThan(0);
});

test("a workspace without measurements has no numbers, not zeros", async () => {
  const { metrics, lastPlan } = await read({ cmo_metrics_snapshots: [] });

  expect(metrics).toBeNull();
  expect(lastPlan?.measured_in_its_days).toBeNull();
});

test("only the campaigns that run are shown", async () => {
  const statuses = ["active", "draft", "paused", "completed"];
  const [campaign] = SAMPLE_ROWS.cmo_campaigns ?? [];
  if (!campaign) throw new Error("The sample has a campaign.");
  const cmo_campaigns = statuses.map((status) => ({ ...campaign, id: status, status }));

  const { running } = await read({ cmo_campaigns });

  expect(running.map(({ status }) => status)).toEqual(["active"]);
});

test("the last plan is told with its goals and what was measured in its days", async () => {
  const { lastPlan } = await read();

  expect(lastPlan).toMatchObject({
    plan_name: plan.plan_name,
    primary_objectives: plan.primary_objectives,
    measured_in_its_days: { clicks: expect.any(Number) },
  });
});

test("a draft, a plan of the future and the plan that is shown already are no last plan", async () => {
  const planOf = (own: object) => read({ cmo_marketing_plans: [{ ...plan, ...own }] });

  expect((await planOf({ status: "draft" })).lastPlan).toBeNull();
  expect((await planOf({ start_date: "2026-06-01" })).lastPlan).toBeNull();
  expect((await read({}, { planId: SAMPLE_IDS.plan })).lastPlan).toBeNull();
});

test("what a budget buys at the measured cost is divided here, and rounded down", async () => {
  const { metrics } = await read({}, { budget: 9_000 });
  const cost = metrics?.totals.current?.cost_per_conversion ?? 0;

  expect(cost).toBeGreaterThan(0);
  expect(metrics?.budget_buys).toEqual({
    budget: 9_000,
    conversions: Math.floor(9_000 / cost),
    at_cost_per_conversion: cost,
  });
  expect(toBudgetBuys(null, metrics?.totals.current ?? null)).toBeNull();
  expect(toBudgetBuys(9_000, null)).toBeNull();
});
