/** The input and output of the funnel architect: a funnel and its stages, named as their rows. */
import { z } from "zod";
import { agentInput, freeText, rowId } from "../marketing/input-fields.ts";
import {
  amount,
  decorative,
  measurement,
  oneOf,
  optionalText,
  ordinal,
  quantity,
  rate,
  requiredName,
  requiredText,
  setByFinish,
  texts,
  volume,
} from "../marketing/output-fields.ts";
import { FUNNEL_STAGES, FUNNEL_TYPES } from "../marketing/vocabulary.ts";

export const inputSchema = agentInput({
  planId: rowId.optional().describe("A marketing plan of the workspace that the funnel serves."),
  funnelType: z
    .enum(FUNNEL_TYPES)
    .optional()
    .describe("`marketing` if absent, unless the prompt asks for another."),
  prompt: freeText,
});

const funnel = z.object({
  funnel_name: requiredName,
  funnel_type: setByFinish(oneOf(FUNNEL_TYPES), "marketing"),
  description: optionalText,
  target_icp_segments: texts.describe("Names of segments"),
  target_offers: texts.describe("Names of offers"),
  total_budget: amount.default(0).describe("The stages' budgets sum to it"),
  expected_conversion_rate: rate
    .default(0)
    .describe("Of those who enter the first stage, who buys: a fraction from 0 to 1"),
  expected_revenue: amount.default(0),
});

const contentAsset = z.object({
  asset_type: oneOf([
    "blog",
    "video",
    "infographic",
    "ebook",
    "webinar",
    "case_study",
    "email",
    "ad",
  ]),
  title: requiredText,
  purpose: optionalText,
  target_icp: optionalText.describe("A segment's name"),
});

const stage = z.object({
  stage_name: requiredName,
  stage_type: oneOf(FUNNEL_STAGES),
  stage_order: setByFinish(ordinal, 0).describe("1 for the first stage"),
  description: optionalText,
  objective: optionalText,
  kpis: z
    .array(z.object({ metric: requiredText, target: decorative(quantity), measurement }))
    .default([])
    .describe("At least 2"),
  campaign_types: z
    .array(
      z.object({
        type: requiredText,
        description: optionalText,
        estimated_cost: amount.default(0),
        expected_results: optionalText,
      }),
    )
    .default([])
    .describe("1–3"),
  channels: texts,
  content_assets: z.array(contentAsset).default([]),
  target_icps: texts.describe("At least one segment's name"),
  linked_offers: texts.describe("At least one offer's name"),
  entry_criteria: optionalText,
  exit_criteria: optionalText,
  expected_volume: volume.default(0).describe("People who enter the stage, a whole number"),
  conversion_rate_target: rate
    .default(0)
    .describe("Who goes on from it, or buys in the conversion stage: a fraction from 0 to 1"),
  budget_allocation: amount.default(0),
});

export const outputSchema = z.object({
  funnel,
  stages: z
    .array(stage)
    .min(3)
    .describe("In order; awareness, consideration and conversion at least"),
});

export type FunnelArchitectInput = z.infer<typeof inputSchema>;
export type FunnelArchitectOutput = z.infer<typeof outputSchema>;
