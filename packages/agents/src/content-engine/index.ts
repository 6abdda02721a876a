/** The agent of the content engine, assembled from its parts. */
import { defineAgent } from "../agent/define-agent.ts";
import { readerOf } from "../marketing/read-members.ts";
import { contentArtifacts } from "./artifacts.ts";
import { contentEngineCard } from "./card.ts";
import { readContentEngineContext } from "./context.ts";
import { finishContent } from "./finish.ts";
import { contentPrompt } from "./prompt.ts";
import { outputSchema } from "./schema.ts";

export const contentEngineAgent = defineAgent({
  ...contentEngineCard,
  context: readContentEngineContext,
  prompt: contentPrompt,
  read: readerOf(outputSchema),
  finish: finishContent,
  artifacts: contentArtifacts,
});
