import fc from "fast-check";
import { expect, test } from "vitest";
import { answerLike } from "../../test/answer-like.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleFunnel } from "../../test/samples/funnel-architect.ts";
import { sum } from "../marketing/apportion.ts";
import { SMALL_FACTOR } from "../marketing/metrics/rates.ts";
import { readFunnelArchitectContext } from "./context.ts";
import { finishFunnel } from "./finish.ts";
import { outputSchema } from "./schema.ts";

const context = await readFunnelArchitectContext(sampleSource(), { funnelType: "sales" });

/** `finish` receives what the schema has read, never the raw answer. */
const finishedFunnels = answerLike(sampleFunnel)
  .filter((answer) => outputSchema.safeParse(answer).success)
  .map((answer) => finishFunnel(outputSchema.parse(answer), context));

test("a funnel's rates are fractions, its volumes whole, its stages numbered from 1", () => {
  fc.assert(
    fc.property(finishedFunnels, ({ output: { funnel, stages } }) => {
      expect(funnel.expected_conversion_rate).toBeLessThanOrEqual(1);
      expect(stages.map((stage) => stage.stage_order)).toEqual(stages.map((_, i) => i + 1));
      for (const stage of stages) {
        expect(stage.conversion_rate_target).toBeLessThanOrEqual(1);
        expect(Number.isInteger(stage.expected_volume)).toBe(true);
      }
    }),
  );
});

test("people flow, or a finding says where volumes and rates disagree", () => {
  fc.assert(
    fc.property(finishedFunnels, ({ output: { stages }, findings }) => {
      stages.slice(1).forEach((stage, i) => {
        const path = `stages[${i + 1}].expected_volume`;
        if (findings.some((one) => one.path === path && !one.fixed)) return;
        const before = stages[i];
        const rate = before?.conversion_rate_target ?? 0;
        const entering = (before?.expected_volume ?? 0) * rate;
        if (rate === 0 || (i === 0 && before?.expected_volume === 0)) return;
        expect(Math.abs(stage.expected_volume - entering)).toBeLessThanOrEqual(
          Math.max(1.5, entering * 0.021),
        );
      });
    }),
  );
});

test("a volume never changes by more than a small factor", () => {
  fc.assert(
    fc.property(answerLike(sampleFunnel), (answer) => {
      const read = outputSchema.safeParse(answer);
      if (!read.success) return;
      const { output } = finishFunnel(read.data, context);
      const given = read.data.stages.toSorted((a, b) => a.stage_order - b.stage_order);

      output.stages.forEach((stage, i) => {
        const before = Math.round(given[i]?.expected_volume ?? 0);
        if (before <= 1) return;
        expect(stage.expected_volume).toBeGreaterThanOrEqual(Math.floor(before / SMALL_FACTOR) - 1);
        expect(stage.expected_volume).toBeLessThanOrEqual(Math.ceil(before * SMALL_FACTOR) + 1);
      });
    }),
  );
});

test("a funnel's budgets sum, and no stage's campaigns cost more than it has", () => {
  fc.assert(
    fc.property(finishedFunnels, ({ output: { funnel, stages } }) => {
      const budgets = stages.map((stage) => stage.budget_allocation);

      if (sum(budgets) > 0) expect(sum(budgets)).toBeCloseTo(funnel.total_budget, 2);
      for (const { budget_allocation, campaign_types } of stages) {
        const costs = sum(campaign_types.map((type) => type.estimated_cost));
        expect(costs).toBeLessThan(budget_allocation + 0.005);
      }
    }),
  );
});
