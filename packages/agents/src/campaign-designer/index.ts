/** The agent of the campaign designer, assembled from its parts. */
import { defineAgent } from "../agent/define-agent.ts";
import { readerOf } from "../marketing/read-members.ts";
import { campaignArtifacts } from "./artifacts.ts";
import { campaignDesignerCard } from "./card.ts";
import { readCampaignDesignerContext } from "./context.ts";
import { finishCampaign } from "./finish.ts";
import { campaignPrompt } from "./prompt.ts";
import { outputSchema } from "./schema.ts";

export const campaignDesignerAgent = defineAgent({
  ...campaignDesignerCard,
  context: readCampaignDesignerContext,
  prompt: campaignPrompt,
  read: readerOf(outputSchema),
  finish: finishCampaign,
  artifacts: campaignArtifacts,
});
