/** The agent of the optimization analyst, assembled from its parts. */
import { defineAgent } from "../agent/define-agent.ts";
import { recommendationArtifacts } from "./artifacts.ts";
import { optimizationAnalystCard } from "./card.ts";
import { readOptimizationAnalystContext } from "./context.ts";
import { finishAnalysis } from "./finish.ts";
import { optimizationPrompt } from "./prompt.ts";

export const optimizationAnalystAgent = defineAgent({
  ...optimizationAnalystCard,
  context: readOptimizationAnalystContext,
  prompt: optimizationPrompt,
  finish: finishAnalysis,
  artifacts: recommendationArtifacts,
});
