/** The input and output of the campaign designer: a campaign, its channels and its content. */
import { z } from "zod";
import {
  agentInput,
  freeText,
  longText,
  rowId,
  shortText,
  shortTexts,
} from "../marketing/input-fields.ts";
import {
  amount,
  decorative,
  group,
  isoDate,
  measure,
  measuredCount,
  measuredRate,
  measurement,
  oneOf,
  optionalText,
  ordinal,
  percentage,
  requiredName,
  requiredText,
  texts,
  volume,
} from "../marketing/output-fields.ts";
import { CAMPAIGN_GOALS, CONTENT_TYPES, FUNNEL_STAGES } from "../marketing/vocabulary.ts";

const preferences = z.union([
  longText,
  z.strictObject({
    preferredChannels: shortTexts
      .optional()
      .describe("Channels that come first, others may follow."),
    budgetNotes: longText.optional(),
    tone: shortText.optional(),
    notes: longText.optional(),
  }),
]);

export const inputSchema = agentInput({
  funnelId: rowId.optional().describe("A funnel of the workspace that the campaign feeds."),
  planId: rowId.optional().describe("A marketing plan of the workspace that it belongs to."),
  stageId: rowId.optional().describe("The stage of the funnel that it works on."),
  campaignGoal: z
    .enum(CAMPAIGN_GOALS)
    .optional()
    .describe("`lead_gen` if absent, unless the prompt asks for another."),
  channels: shortTexts.optional().describe("The only channels to use. All are open if absent."),
  preferences: preferences.optional().describe("Wishes, as text or by name."),
  prompt: freeText,
});

const campaign = z.object({
  campaign_name: requiredName,
  campaign_type: oneOf(CAMPAIGN_GOALS),
  objective: optionalText,
  description: optionalText,
  target_icp: optionalText.describe("A segment's name"),
  target_offer: optionalText.describe("An offer's name"),
  funnel_stage: oneOf(FUNNEL_STAGES),
  start_date: isoDate.describe("YYYY-MM-DD"),
  end_date: isoDate.describe("YYYY-MM-DD"),
  budget_allocation: amount.default(0),
  primary_kpi: z.object({ metric: requiredText, target: measure, measurement }),
  secondary_kpis: z.array(z.object({ metric: requiredText, target: measure })).default([]),
  success_criteria: optionalText,
});

const channel = z.object({
  channel_name: requiredName,
  channel_type: oneOf(["paid", "organic", "owned", "earned"]),
  priority: oneOf(["primary", "secondary", "supporting"], {
    high: "primary",
    medium: "secondary",
    low: "supporting",
  }),
  budget_percentage: percentage.default(0),
  content_types: z
    .array(
      z.object({
        type: requiredText,
        quantity: decorative(volume),
        description: optionalText,
        cta: optionalText,
      }),
    )
    .default([]),
  posting_frequency: optionalText,
  targeting_notes: optionalText,
  expected_metrics: group({
    reach: measuredCount,
    engagement_rate: measuredRate,
    conversion_rate: measuredRate,
  }).describe("Rates as fractions from 0 to 1"),
});

const contentPiece = z.object({
  content_id: requiredText.describe("Short and unique, such as C1"),
  title: requiredName,
  content_type: oneOf(CONTENT_TYPES),
  channel: requiredText.describe("A channel_name of the channels"),
  funnel_stage: oneOf(FUNNEL_STAGES),
  target_icp: optionalText.describe("A segment's name"),
  key_message: optionalText,
  supporting_points: texts,
  cta: optionalText,
  tone: optionalText,
  estimated_production_time: optionalText,
  dependencies: texts.describe("Ids of content that must be ready first"),
  publish_date: isoDate.nullable().default(null).describe("YYYY-MM-DD, within the campaign"),
});

const timelineWeek = z.object({
  week: ordinal,
  phase: optionalText,
  activities: texts,
  deliverables: texts,
  milestones: texts,
});

export const outputSchema = z.object({
  campaign,
  channels: z.array(channel).min(1).describe("The budget percentages sum to 100"),
  content_outline: z.array(contentPiece).min(1).describe("6–12"),
  timeline: z
    .array(timelineWeek)
    .default([])
    .describe("One entry a week, from 1 to the last week of the campaign"),
  complementary_suggestions: z
    .array(
      z.object({
        campaign_type: requiredText,
        rationale: optionalText,
        synergy_score: decorative(percentage).describe("0–100"),
      }),
    )
    .default([])
    .describe("1–3"),
});

export type CampaignDesignerInput = z.infer<typeof inputSchema>;
export type CampaignDesignerOutput = z.infer<typeof outputSchema>;
