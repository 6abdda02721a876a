/** The agent of the content engine, assembled from its parts. */
import { defineAgent } from "../agent/define-agent.ts";
import { contentArtifacts } from "./artifacts.ts";
import { contentEngineCard } from "./card.ts";
import { readContentEngineContext } from "./context.ts";
import { finishContent } from "./finish.ts";
import { contentPrompt } from "./prompt.ts";

export const contentEngineAgent = defineAgent({
  ...contentEngineCard,
  context: readContentEngineContext,
  prompt: contentPrompt,
  finish: finishContent,
  artifacts: contentArtifacts,
});
