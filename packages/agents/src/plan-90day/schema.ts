/**
 * The input and output of the planner. The answer is flat and uses the column names of the plan's
 * row: the planner screen reads these members and inserts them unchanged. The output contains the
 * same data again as `plan`, in the shape that deployed clients read.
 */
import { z } from "zod";
import {
  agentInput,
  calendarDate,
  freeText,
  longText,
  shortText,
  shortTexts,
} from "../marketing/input-fields.ts";
import { AMOUNT_MAX, roundToCents } from "../marketing/money.ts";
import {
  amount,
  decorative,
  isoDate,
  level,
  measure,
  oneOf,
  optionalText,
  ordinal,
  percentage,
  quantity,
  requiredName,
  requiredText,
  setByFinish,
  text,
  texts,
} from "../marketing/output-fields.ts";
import { MILESTONE_METRICS } from "../marketing/vocabulary.ts";

const constraints = z.union([
  longText,
  z.strictObject({
    channels: shortTexts.optional().describe("The only channels that the plan may use."),
    timeframe: shortText.optional().describe("Such as “no launches in December”."),
    notes: longText.optional(),
  }),
]);

export const inputSchema = agentInput({
  primaryGoal: longText.optional().describe("The one goal that the plan serves first."),
  budget: z
    .number()
    .nonnegative()
    .max(AMOUNT_MAX)
    .overwrite(roundToCents)
    .optional()
    .describe("For the 90 days, in the workspace's currency; 0 for a plan that costs no money."),
  targetMetrics: z
    .record(shortText, z.union([z.number(), shortText]))
    .refine((targets) => Object.keys(targets).length <= 20, "At most 20 targets")
    .optional()
    .describe("Targets by name, such as revenue, mqls or reach."),
  constraints: constraints.optional().describe("What the plan must respect."),
  focusAreas: shortTexts.optional().describe("Such as Lead Generation or Product Launch."),
  startDate: calendarDate
    .optional()
    .describe("The first day, YYYY-MM-DD. Today in the workspace's time zone if absent."),
  prompt: freeText,
});

const monthPlan = z.object({
  theme: requiredText,
  focus_areas: texts,
  campaigns: z
    .array(
      z.object({
        name: requiredText,
        objective: optionalText,
        channels: texts,
        target_icp: optionalText.describe("A segment's name"),
        tactics: texts,
        budget: amount.default(0),
      }),
    )
    .default([]),
  content_pieces: z
    .array(
      z.object({
        type: optionalText,
        title: requiredText,
        target_icp: optionalText.describe("A segment's name"),
        goal: optionalText,
        publish_week: ordinal.describe("Week of the plan, 1–13"),
      }),
    )
    .default([]),
  milestones: texts.describe("One sentence each"),
});

const checkpoint = z.object({
  week: ordinal.describe("Week of the plan, 1–13"),
  focus: requiredText,
  deliverables: texts,
  success_criteria: optionalText.describe("What can be observed by the end of that week"),
});

const milestone = z.object({
  label: requiredText,
  target_date: isoDate.describe("YYYY-MM-DD, within the 90 days"),
  metric: oneOf(MILESTONE_METRICS),
  target_value: quantity,
  funnel_action: optionalText,
  channels: texts,
  dependencies: texts.describe("Labels of earlier milestones"),
});

const budgetAllocation = z.object({
  total_budget: amount.default(0),
  currency: setByFinish(requiredText, "XXX").describe("ISO 4217, the workspace's"),
  breakdown: z
    .array(
      z.object({
        category: requiredText,
        amount: amount.default(0),
        percentage: percentage.default(0),
      }),
    )
    .default([])
    .describe("The percentages sum to 100, the amounts to the total"),
});

/** The model's answer. */
export const answerSchema = z.object({
  plan_name: requiredName.describe("At most 120 characters"),
  executive_summary: requiredText.describe("3–5 sentences that a busy owner understands"),
  start_date: setByFinish(isoDate, "1970-01-01").describe("YYYY-MM-DD, as requested"),
  end_date: setByFinish(isoDate, "1970-01-01").describe("90 days after the start"),
  primary_objectives: z
    .array(
      z.object({
        objective: requiredText,
        target_metric: optionalText,
        baseline: measure.describe("Null when unknown"),
        goal: measure,
        priority: level,
      }),
    )
    .min(1)
    .describe("3–5"),
  key_metrics: z
    .array(
      z.object({
        metric_name: requiredText,
        current_value: measure.describe("Null when unknown"),
        target_value: measure,
        measurement_frequency: text.default("weekly"),
      }),
    )
    .min(1)
    .describe("4–8"),
  budget_allocation: budgetAllocation,
  month_1_plan: monthPlan.describe("Days 1–30: two weeks of foundation, then launch"),
  month_2_plan: monthPlan.describe("Days 31–60: learn and optimise"),
  month_3_plan: monthPlan.describe("Days 61–90: scale what works"),
  channel_mix: z
    .array(
      z.object({
        channel: requiredText,
        role: optionalText,
        budget_percentage: percentage.default(0),
        target_icps: texts,
        kpis: texts,
      }),
    )
    .min(1)
    .describe("The budget percentages sum to 100"),
  campaign_themes: z
    .array(
      z.object({
        theme_name: requiredText,
        description: optionalText,
        duration_weeks: ordinal,
        start_week: ordinal,
        target_icps: texts,
      }),
    )
    .default([]),
  risks_mitigations: z
    .array(
      z.object({
        risk: requiredText,
        likelihood: decorative(level),
        impact: decorative(level),
        mitigation: optionalText,
        trigger: optionalText.describe("What shows that it is happening"),
      }),
    )
    .default([])
    .describe("3–6"),
  target_icp_segments: texts.describe("Names of segments"),
  target_offers: texts.describe("Names of offers"),
  milestones: z.array(milestone).min(1).describe("8–12, in order of their dates"),
  weekly_checkpoints: z
    .array(checkpoint)
    .default([])
    .describe("Weeks 1, 2, 3 and 4, then every second week up to week 12"),
});

const deployedPlan = z.object({
  name: text,
  goal_summary: text,
  start_date: isoDate,
  end_date: isoDate,
  budget_note: text,
  milestones: answerSchema.shape.milestones,
  kpis: z.array(z.object({ metric: text, baseline: measure, target: measure, measurement: text })),
  weekly_checkpoints: z.array(checkpoint),
  channel_allocation: z.array(
    z.object({
      channel: text,
      budget_percentage: percentage,
      primary_metric: text,
      target_icp: text,
    }),
  ),
  risk_flags: z.array(z.object({ risk: text, mitigation: text, trigger: text })),
});

/** Where a number or a claim of a plan comes from: a block of the prompt, or nowhere. */
const SOURCES = ["brand", "offer", "metrics", "request", "assumption"] as const;

const planSource = z.object({
  path: text.describe("Such as milestones[2].target_value; a text has an entry for each source"),
  source: z.enum(SOURCES),
});

export const outputSchema = answerSchema.extend({
  plan: deployedPlan
    .optional()
    .describe("The plan once more, as deployed clients know it: made from the members beside it."),
  sources: z
    .array(planSource)
    .optional()
    .describe("Where the numbers and claims come from, at most 200: looked up, not asked for."),
});

export type Plan90DayInput = z.infer<typeof inputSchema>;
export type Plan90DayAnswer = z.infer<typeof answerSchema>;
export type PlanSource = z.infer<typeof planSource>;
export type DeployedPlan = z.infer<typeof deployedPlan>;

/** The members that contain the months, in order. */
export const MONTHS = ["month_1_plan", "month_2_plan", "month_3_plan"] as const;
