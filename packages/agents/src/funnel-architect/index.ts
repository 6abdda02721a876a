/** The agent of the funnel architect, assembled from its parts. */
import { defineAgent } from "../agent/define-agent.ts";
import { funnelArtifacts } from "./artifacts.ts";
import { funnelArchitectCard } from "./card.ts";
import { readFunnelArchitectContext } from "./context.ts";
import { finishFunnel } from "./finish.ts";
import { funnelPrompt } from "./prompt.ts";

export const funnelArchitectAgent = defineAgent({
  ...funnelArchitectCard,
  context: readFunnelArchitectContext,
  prompt: funnelPrompt,
  finish: finishFunnel,
  artifacts: funnelArtifacts,
});
