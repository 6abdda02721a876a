import { expect, test } from "vitest";
import { sampleSource } from "../../test/sample-source.ts";
import { samplePlan } from "../../test/samples/plan-90day.ts";
import { sum } from "../marketing/apportion.ts";
import { daysBetween } from "../marketing/calendar.ts";
import { readPlan90DayContext } from "./context.ts";
import { finishPlan } from "./finish.ts";
import { inputSchema, type Plan90DayAnswer } from "./schema.ts";

const context = await readPlan90DayContext(sampleSource(), { budget: 9000 });

const withBudget = (budget: Partial<Plan90DayAnswer["budget_allocation"]>): Plan90DayAnswer => ({
  ...samplePlan,
  budget_allocation: { ...samplePlan.budget_allocation, ...budget },
});

const withMilestoneOn = (target_date: string): Plan90DayAnswer => ({
  ...samplePlan,
  milestones: samplePlan.milestones.map((milestone, i) =>
    i === 0 ? { ...milestone, target_date } : milestone,
  ),
});

test("a valid plan stays unchanged, without a finding", () => {
  const { output, findings } = finishPlan(samplePlan, context);

  expect(output).toMatchObject(samplePlan);
  expect(output.sources).toContainEqual({
    path: "budget_allocation.total_budget",
    source: "request",
  });
  expect(findings).toEqual([]);
});

test("the dates are those that were asked for", () => {
  const { output, findings } = finishPlan(
    { ...samplePlan, start_date: "2025-01-01", end_date: "2025-12-31" },
    context,
  );

  expect(output.start_date).toBe("2026-03-02");
  expect(output.end_date).toBe("2026-05-31");
  expect(findings.map(({ path, fixed }) => [path, fixed])).toEqual([
    ["start_date", true],
    ["end_date", true],
  ]);
  expect(output.plan).toMatchObject({ start_date: "2026-03-02", end_date: "2026-05-31" });
});

test("shares sum to 100 and amounts to the budget given, in the workspace's currency", () => {
  const { output, findings } = finishPlan(
    withBudget({
      total_budget: 8000,
      currency: "$",
      breakdown: [
        { category: "Content", amount: 1, percentage: 33 },
        { category: "Ads", amount: 1, percentage: 33 },
        { category: "Tests", amount: 1, percentage: 33 },
      ],
    }),
    context,
  );

  const { total_budget, currency, breakdown } = output.budget_allocation;
  expect(total_budget).toBe(9000);
  expect(currency).toBe("EUR");
  expect(sum(breakdown.map((part) => part.percentage))).toBeCloseTo(100, 9);
  expect(sum(breakdown.map((part) => part.amount))).toBe(9000);
  expect(findings.map(({ path }) => path)).toEqual([
    "budget_allocation.total_budget",
    "budget_allocation.currency",
    "budget_allocation.breakdown",
  ]);
});

test("the shares of a breakdown with amounts only are derived from the amounts", () => {
  const { output } = finishPlan(
    withBudget({
      breakdown: [
        { category: "Content", amount: 3000, percentage: 0 },
        { category: "Ads", amount: 6000, percentage: 0 },
      ],
    }),
    context,
  );

  expect(output.budget_allocation.breakdown.map((part) => part.percentage)).toEqual([33.3, 66.7]);
});

test("amounts that sum but contradict their shares follow the shares", () => {
  const { output } = finishPlan(
    withBudget({
      breakdown: [
        { category: "Content", amount: 8000, percentage: 50 },
        { category: "Ads", amount: 1000, percentage: 50 },
      ],
    }),
    context,
  );

  expect(output.budget_allocation.breakdown.map((part) => part.amount)).toEqual([4500, 4500]);
});

test("the channel mix sums to 100, milestones stand in the order of their dates", () => {
  const { output } = finishPlan(
    {
      ...samplePlan,
      channel_mix: samplePlan.channel_mix.map((channel) => ({ ...channel, budget_percentage: 30 })),
      milestones: samplePlan.milestones.toReversed(),
    },
    context,
  );

  expect(output.channel_mix.map((channel) => channel.budget_percentage)).toEqual([50, 50]);
  expect(output.milestones).toEqual(samplePlan.milestones);
});

test("a plan that was written for another start moves along with it, as a whole", () => {
  const aWeekLater = { ...context, startDate: "2026-03-09", endDate: "2026-06-07" };
  const { output, findings } = finishPlan(withMilestoneOn("2026-03-02"), aWeekLater);

  const movedDays = samplePlan.milestones.map((milestone, i) =>
    daysBetween(milestone.target_date, output.milestones[i]?.target_date ?? ""),
  );
  expect(movedDays.slice(1)).toEqual(movedDays.slice(1).fill(7));
  expect(output.milestones[0]?.target_date).toBe("2026-03-09");
  expect(findings).toContainEqual(expect.objectContaining({ path: "milestones", fixed: true }));
});

test("a milestone outside the plan moves to the nearest day of it", () => {
  const { output, findings } = finishPlan(withMilestoneOn("2025-03-20"), context);

  expect(output.milestones[0]?.target_date).toBe("2026-03-02");
  expect(findings).toMatchObject([{ path: "milestones", fixed: true }]);
});

test("without a budget or a start the plan's own sum holds and it starts today", async () => {
  const open = await readPlan90DayContext(sampleSource(), {});

  expect(finishPlan(samplePlan, open).output.budget_allocation.total_budget).toBe(9000);
  expect(open.startDate).toBe("2026-03-02");
});

test("a plan without money has no amounts, and keeps the shares of its effort", async () => {
  const free = await readPlan90DayContext(sampleSource(), inputSchema.parse({ budget: 0 }));
  const { total_budget, breakdown } = finishPlan(samplePlan, free).output.budget_allocation;

  expect(total_budget).toBe(0);
  expect(sum(breakdown.map((part) => part.amount))).toBe(0);
  expect(sum(breakdown.map((part) => part.percentage))).toBeCloseTo(100, 9);
});

test("without a budget asked for or given, the plan has what its campaigns cost", async () => {
  const unasked = await readPlan90DayContext(sampleSource(), {});
  const plan = withBudget({ total_budget: 0, breakdown: [] });

  const { output, findings } = finishPlan(plan, unasked);

  expect(output.budget_allocation.total_budget).toBe(9000);
  expect(output.month_1_plan.campaigns).toEqual(samplePlan.month_1_plan.campaigns);
  expect(findings).toMatchObject([
    { path: "budget_allocation.total_budget", fixed: true },
    { path: "budget_allocation.breakdown", fixed: false },
  ]);
});

test("a plan without money needs no shares of its channels", async () => {
  const free = await readPlan90DayContext(sampleSource(), inputSchema.parse({ budget: 0 }));
  const channel_mix = samplePlan.channel_mix.map((one) => ({ ...one, budget_percentage: 0 }));

  const { findings } = finishPlan({ ...samplePlan, channel_mix }, free);

  expect(findings.filter(({ path }) => path === "channel_mix")).toEqual([]);
});
