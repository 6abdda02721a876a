/** The card of the content engine. Raise the version when its prompt or a schema changes meaning. */
import { defineCard } from "../agent/agent-card.ts";
import { inputSchema, outputSchema } from "./schema.ts";

export const contentEngineCard = defineCard({
  name: "cmo-content-engine",
  mode: "content",
  title: "Content engine",
  description:
    "Writes finished marketing texts for the channels you name, each in two variants to test against each other.",
  version: 4,
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
