/** What every agent's `finish` promises, whatever numbers and dates a model has written. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleCampaign } from "./campaign-designer/sample.ts";
import { sampleContent } from "./content-engine/sample.ts";
import { finishFunnel } from "./funnel-architect/finish.ts";
import { sampleFunnel } from "./funnel-architect/sample.ts";
import { sum } from "./marketing/apportion.ts";
import { sampleSource } from "./marketing/sample-source.ts";
import { sampleAnalysis } from "./optimization-analyst/sample.ts";
import { readPlan90DayContext } from "./plan-90day/context.ts";
import { finishPlan } from "./plan-90day/finish.ts";
import { samplePlan } from "./plan-90day/sample.ts";
import { agents } from "./registry.ts";

const answers = [
  ["strategy", samplePlan],
  ["funnels", sampleFunnel],
  ["campaigns", sampleCampaign],
  ["content", sampleContent],
  ["optimization", sampleAnalysis],
] as const;

const number = fc.oneof(
  fc.integer({ min: 0, max: 14 }),
  fc.integer({ min: 0, max: 100 }),
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.constantFrom(0, 0.04, 1, 33.3),
);
const date = fc
  .integer({ min: -60, max: 200 })
  .map((days) => new Date(Date.UTC(2026, 2, 2 + days)).toISOString().slice(0, 10));

/** An answer of the same shape with other numbers and dates. */
function answerLike<Value>(value: Value): fc.Arbitrary<Value>;
function answerLike(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value === "number") return fc.oneof(fc.constant(value), number);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)) {
    return fc.oneof(fc.constant(value), date);
  }
  if (Array.isArray(value)) return fc.tuple(...value.map((item) => answerLike(item)));
  if (typeof value !== "object" || value === null) return fc.constant(value);
  return fc.record(
    Object.fromEntries(Object.entries(value).map(([name, member]) => [name, answerLike(member)])),
  );
}

describe.each(answers)("%s", (mode, sample) => {
  test("what is finished once stays as it is, and nothing more is put right", async () => {
    const agent = agents.find((known) => known.mode === mode);
    const prepared = await agent?.prepare({}, sampleSource());

    fc.assert(
      fc.property(answerLike<unknown>(sample), (answer) => {
        const once = prepared?.accept(answer);
        if (once?.kind !== "accepted") return;

        expect(prepared?.accept(once.output)).toMatchObject({
          output: once.output,
          findings: once.findings.filter(({ fixed }) => !fixed),
        });
      }),
    );
  });
});

test("a plan's dates and weeks lie within its 90 days, and its shares and amounts sum", async () => {
  const context = await readPlan90DayContext(sampleSource(), { budget: 9001 });

  fc.assert(
    fc.property(answerLike(samplePlan), (answer) => {
      const { output } = finishPlan(answer, context);
      const { breakdown, total_budget } = output.budget_allocation;
      const months = [output.month_1_plan, output.month_2_plan, output.month_3_plan];

      for (const { target_date } of output.milestones) {
        expect(target_date >= context.startDate && target_date <= context.endDate).toBe(true);
      }
      for (const { publish_week } of months.flatMap((month) => month.content_pieces)) {
        expect(publish_week >= 1 && publish_week <= 13).toBe(true);
      }
      for (const { start_week, duration_weeks } of output.campaign_themes) {
        expect(start_week >= 1 && start_week + duration_weeks - 1 <= 13).toBe(true);
      }
      if (breakdown.some(({ percentage }) => percentage > 0)) {
        expect(sum(breakdown.map((part) => part.amount))).toBeCloseTo(total_budget, 2);
        expect(sum(breakdown.map((part) => part.percentage))).toBeCloseTo(100, 2);
      }
    }),
  );
});

test("a funnel's rates are fractions, its volumes whole, its stages numbered from 1", () => {
  fc.assert(
    fc.property(answerLike(sampleFunnel), (answer) => {
      const { funnel, stages } = finishFunnel(answer, { funnelType: "sales" }).output;
      const budgets = stages.map((stage) => stage.budget_allocation);

      expect(funnel.expected_conversion_rate).toBeLessThanOrEqual(1);
      expect(stages.map((stage) => stage.stage_order)).toEqual(stages.map((_, i) => i + 1));
      for (const stage of stages) {
        expect(stage.conversion_rate_target).toBeLessThanOrEqual(1);
        expect(Number.isInteger(stage.expected_volume)).toBe(true);
      }
      if (sum(budgets) > 0) expect(sum(budgets)).toBeCloseTo(funnel.total_budget, 2);
    }),
  );
});
