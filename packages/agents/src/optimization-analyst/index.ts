/** The agent of the optimization analyst, assembled from its parts. */
import { defineAgent } from "../agent/define-agent.ts";
import { readerOf } from "../marketing/read-members.ts";
import { recommendationArtifacts } from "./artifacts.ts";
import { optimizationAnalystCard } from "./card.ts";
import { readOptimizationAnalystContext } from "./context.ts";
import { finishAnalysis } from "./finish.ts";
import { optimizationPrompt } from "./prompt.ts";
import { outputSchema } from "./schema.ts";

export const optimizationAnalystAgent = defineAgent({
  ...optimizationAnalystCard,
  context: readOptimizationAnalystContext,
  prompt: optimizationPrompt,
  read: readerOf(outputSchema),
  finish: finishAnalysis,
  artifacts: recommendationArtifacts,
});
