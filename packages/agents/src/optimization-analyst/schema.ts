/** The input and output of the analyst: what the numbers show, and what to do, by priority. */
import { z } from "zod";
import { agentInput, freeText, rowId } from "../marketing/input-fields.ts";
import { inputPeriod } from "../marketing/metrics/input-period.ts";
import {
  decorative,
  isoDate,
  level,
  measure,
  oneOf,
  optionalText,
  ordinal,
  requiredName,
  requiredText,
  setByFinish,
  signed,
} from "../marketing/output-fields.ts";

export const inputSchema = agentInput({
  planId: rowId.optional().describe("A marketing plan of the workspace to measure against."),
  funnelId: rowId.optional().describe("A funnel of the workspace to measure against."),
  period: inputPeriod,
  prompt: freeText,
});

const topPerformer = z
  .object({
    type: oneOf(["campaign", "funnel", "channel"]),
    name: requiredText,
    key_metric: optionalText,
    value: measure,
  })
  .nullable()
  .default(null)
  .describe("Null when nothing has been measured");

const analysisSummary = z.object({
  analysis_date: setByFinish(isoDate, "1970-01-01").describe("Today"),
  period_analyzed: setByFinish(requiredText, "").describe("`period` of the metrics block"),
  overall_health: oneOf(["healthy", "needs_attention", "critical"]),
  top_performer: topPerformer,
  biggest_opportunity: z
    .object({ type: requiredText, name: requiredText, potential_lift: measure })
    .nullable()
    .default(null),
});

const known = signed.nullable().default(null);

const affectedMetric = z.object({
  metric: requiredText.describe("Of the metrics block by its name there, such as ctr"),
  current_value: known.describe("As the data gives it; null when it was not measured"),
  target_value: known.describe("In the unit of current_value"),
  gap: setByFinish(known, null).describe("target_value − current_value; null if either is"),
  gap_percentage: setByFinish(known, null).describe(
    "The gap in percent of the target; null if there is none or the target is 0",
  ),
});

const suggestedAction = z.object({
  action: requiredText,
  timeline: optionalText,
  owner: optionalText.describe("A role, never a person's name"),
  expected_outcome: optionalText,
});

const recommendation = z.object({
  recommendation_id: requiredText.describe("Unique in the answer, such as R1"),
  source_type: oneOf(["campaign", "funnel", "channel", "content", "audience"]),
  source_id: z
    .string()
    .nullable()
    .default(null)
    .describe("Of a campaign, channel, funnel or stage in the data, copied exactly; else null"),
  source_name: optionalText,
  category: oneOf(["performance", "budget", "targeting", "content", "timing", "technical"]),
  title: requiredName,
  description: optionalText,
  severity: oneOf(["info", "warning", "critical"], {
    low: "info",
    medium: "warning",
    high: "critical",
  }),
  impact: level,
  effort: level,
  priority_score: setByFinish(signed, 0).describe(
    "impact × 3 + urgency × 2 − effort, each from 1 to 10; computed for you",
  ),
  metrics_affected: z.array(affectedMetric).default([]),
  suggested_actions: z.array(suggestedAction).default([]).describe("1–3"),
  supporting_data: z
    .object({
      trend: decorative(oneOf(["improving", "declining", "stable"])),
      comparison_period: optionalText,
      benchmark_comparison: decorative(oneOf(["above", "at", "below"])),
    })
    .nullable()
    .default(null)
    .describe("Null when there is nothing to compare with"),
});

export const outputSchema = z.object({
  analysis_summary: analysisSummary,
  recommendations: z.array(recommendation).min(1).describe("3–8"),
  quick_wins: z
    .array(
      z.object({
        action: requiredText,
        expected_impact: optionalText,
        time_to_implement: optionalText,
      }),
    )
    .default([])
    .describe("2–4, each done within a week"),
  next_steps: z
    .array(
      z.object({
        step: requiredText,
        priority: ordinal.describe("1 is first"),
        timeline: optionalText,
        resources_needed: optionalText,
      }),
    )
    .default([])
    .describe("3–5"),
});

export type OptimizationAnalystInput = z.infer<typeof inputSchema>;
export type OptimizationAnalystOutput = z.infer<typeof outputSchema>;
