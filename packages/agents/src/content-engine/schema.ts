/** The input and output of the content engine: finished texts, each in two variants. */
import { z } from "zod";
import { agentInput, freeText, rowId, shortText, shortTexts } from "../marketing/input-fields.ts";
import {
  decorative,
  group,
  level,
  measuredRate,
  nullableText,
  oneOf,
  optionalText,
  quantity,
  requiredName,
  requiredText,
  setByFinish,
  text,
  texts,
  volume,
} from "../marketing/output-fields.ts";
import { CONTENT_CHANNELS, CTA_INTENTS, FUNNEL_STAGES } from "../marketing/vocabulary.ts";

export const inputSchema = agentInput({
  campaignId: rowId.optional().describe("A campaign of the workspace that the content is for."),
  funnelStage: z
    .enum(FUNNEL_STAGES)
    .optional()
    .describe("If absent, as the prompt asks, else the campaign's, else awareness."),
  channels: shortTexts
    .optional()
    .describe(
      `Channels to write for, such as ${CONTENT_CHANNELS.join(", ")}. If absent, as the prompt asks, else the campaign's, else email, linkedin and blog.`,
    ),
  ctaIntent: z
    .enum(CTA_INTENTS)
    .optional()
    .describe("What readers are led to do: engage if absent, unless the prompt asks for another."),
  contentTypes: shortTexts
    .optional()
    .describe("Such as newsletter or case study. Whatever fits the channels if absent."),
  voice: z
    .strictObject({
      formOfAddress: shortText.optional().describe("Such as du, Sie, tu, vous or usted."),
      wordsToUse: shortTexts.optional(),
      wordsToAvoid: shortTexts.optional(),
    })
    .optional()
    .describe("How the brand speaks, besides its profile and its published texts."),
  prompt: freeText,
});

const metadata = group({
  cta: optionalText,
  cta_url_placeholder: nullableText.describe("Such as {{cta_url}}"),
  target_icp: optionalText.describe("A segment's name"),
  target_offer: optionalText.describe("An offer's name"),
  tone: optionalText,
  word_count: setByFinish(volume, 0).describe("Of the body; counted again when the answer is in"),
  reading_time: optionalText.describe("Such as 2 min"),
  keywords: texts,
  hashtags: texts,
  emoji_usage: decorative(
    oneOf(["none", "minimal", "moderate"], { low: "minimal", medium: "moderate" }),
  ),
  preheader: decorative(text).describe("For email: what inboxes show behind the subject"),
  primary_keyword: decorative(text).describe("This and the next three for blog and landing_page"),
  slug: decorative(text).describe("Such as cash-in-winter"),
  meta_title: decorative(text),
  meta_description: decorative(text),
  picture: decorative(z.object({ brief: optionalText, alt_text: optionalText })).describe(
    "Where the channel shows one",
  ),
});

const asset = z.object({
  asset_id: requiredText.describe("Unique in the answer, such as email-1-a"),
  channel: requiredName.describe(
    `${CONTENT_CHANNELS.join(" | ")}, or a channel of \`write_for\` under its own name`,
  ),
  asset_type: requiredText,
  funnel_stage: oneOf(FUNNEL_STAGES),
  title: requiredName.describe("Subject line, headline or title"),
  body: requiredText.describe(
    "Ready to publish; in Markdown for email, blog and landing_page, else plain text",
  ),
  variant: oneOf(["A", "B"]),
  metadata,
  design_notes: z
    .object({
      visual_style: optionalText,
      color_emphasis: optionalText,
      layout_suggestion: optionalText,
    })
    .nullable()
    .default(null),
  performance_predictions: z
    .object({
      expected_ctr: measuredRate,
      expected_engagement: measuredRate,
      confidence: decorative(level),
    })
    .nullable()
    .default(null)
    .describe("Rates as fractions from 0 to 1; null for a channel without measured numbers"),
});

export const outputSchema = z.object({
  assets: z.array(asset).min(1).describe("A and B for every channel asked for"),
  content_summary: group({
    total_assets: setByFinish(quantity, 0),
    channels_covered: setByFinish(texts, []),
    funnel_stages_covered: setByFinish(texts, []),
    estimated_production_time: optionalText,
  }),
});

export type ContentEngineInput = z.infer<typeof inputSchema>;
export type ContentEngineOutput = z.infer<typeof outputSchema>;
