/** The card of the campaign designer. Raise the version when its prompt or a schema changes meaning. */
import { defineCard } from "../agent/agent-card.ts";
import { inputSchema, outputSchema } from "./schema.ts";

export const campaignDesignerCard = defineCard({
  name: "cmo-campaign-designer",
  mode: "campaigns",
  title: "Campaign designer",
  description:
    "Designs one campaign for a goal: its channels, budget shares, content, timeline and measures of success.",
  version: 3,
  reply: "json",
  tag: "campaign",
  input: inputSchema,
  output: outputSchema,
  legacyFields: {
    goal: "campaignGoal",
    campaign_goal: "campaignGoal",
    preferredChannels: "channels",
    preferred_channels: "channels",
    budgetNotes: "preferences",
    budget_notes: "preferences",
    funnel_id: "funnelId",
    plan_id: "planId",
    stage_id: "stageId",
  },
});
