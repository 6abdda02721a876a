/** The agent of the campaign designer, assembled from its parts. */
import { defineAgent } from "../agent/define-agent.ts";
import { campaignArtifacts } from "./artifacts.ts";
import { campaignDesignerCard } from "./card.ts";
import { readCampaignDesignerContext } from "./context.ts";
import { finishCampaign } from "./finish.ts";
import { campaignPrompt } from "./prompt.ts";

export const campaignDesignerAgent = defineAgent({
  ...campaignDesignerCard,
  context: readCampaignDesignerContext,
  prompt: campaignPrompt,
  finish: finishCampaign,
  artifacts: campaignArtifacts,
});
