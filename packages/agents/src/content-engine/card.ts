/** How the content engine presents itself; the version counts what its prompt and schemas mean. */
import { defineCard } from "../agent/agent-card.ts";
import { inputSchema, outputSchema } from "./schema.ts";

export const contentEngineCard = defineCard({
  name: "cmo-content-engine",
  mode: "content",
  title: "Content engine",
  description:
    "Writes finished marketing texts for the channels you name, each in two variants to test against each other.",
  version: 3,
  reply: "json",
  tag: "content",
  input: inputSchema,
  output: outputSchema,
  legacyFields: {
    campaign_id: "campaignId",
    funnel_stage: "funnelStage",
    cta_intent: "ctaIntent",
    content_types: "contentTypes",
  },
});
