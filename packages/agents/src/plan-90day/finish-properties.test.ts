import fc from "fast-check";
import { expect, test } from "vitest";
import { answerLike } from "../../test/answer-like.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { samplePlan } from "../../test/samples/plan-90day.ts";
import { sum } from "../marketing/apportion.ts";
import { readPlan90DayContext } from "./context.ts";
import { finishPlan } from "./finish.ts";
import { answerSchema, MONTHS } from "./schema.ts";

const context = await readPlan90DayContext(sampleSource(), { budget: 9001 });

/** `finish` receives what the schema has read, never the raw answer. */
const finishedPlans = answerLike(samplePlan)
  .filter((answer) => answerSchema.safeParse(answer).success)
  .map((answer) => finishPlan(answerSchema.parse(answer), context).output);

test("a plan's dates and weeks lie within its 90 days and in order", () => {
  fc.assert(
    fc.property(finishedPlans, (plan) => {
      const dates = plan.milestones.map(({ target_date }) => target_date);
      const weeks = plan.weekly_checkpoints.map(({ week }) => week);

      expect(dates).toEqual(dates.toSorted());
      expect(dates.every((date) => date >= "2026-03-02" && date <= "2026-05-31")).toBe(true);
      expect(weeks).toEqual(weeks.toSorted((a, b) => a - b));
      for (const week of weeks) expect(week >= 1 && week <= 13).toBe(true);
      for (const { start_week, duration_weeks } of plan.campaign_themes) {
        expect(start_week >= 1 && start_week + duration_weeks - 1 <= 13).toBe(true);
      }
    }),
  );
});

test("a piece of content is published in a week of its month", () => {
  fc.assert(
    fc.property(finishedPlans, (plan) => {
      MONTHS.forEach((name, month) => {
        for (const { publish_week } of plan[name].content_pieces) {
          expect(publish_week).toBeGreaterThanOrEqual(1 + 4 * month);
          expect(publish_week).toBeLessThanOrEqual(5 + 4 * month);
        }
      });
    }),
  );
});

test("a plan's shares and amounts sum, and its campaigns cost no more than it has", () => {
  fc.assert(
    fc.property(finishedPlans, (plan) => {
      const { breakdown, total_budget } = plan.budget_allocation;
      const shares = plan.channel_mix.map((channel) => channel.budget_percentage);
      const costs = MONTHS.flatMap((name) => plan[name].campaigns.map(({ budget }) => budget));

      expect(total_budget).toBe(9001);
      if (breakdown.some(({ percentage }) => percentage > 0)) {
        expect(sum(breakdown.map((part) => part.amount))).toBeCloseTo(total_budget, 2);
        expect(sum(breakdown.map((part) => part.percentage))).toBeCloseTo(100, 2);
      }
      if (sum(shares) > 0) expect(sum(shares)).toBeCloseTo(100, 2);
      expect(sum(costs)).toBeLessThan(total_budget + 0.005);
    }),
  );
});
