/** The agent of the 90-day plan, assembled from its parts. */
import { defineAgent } from "../agent/define-agent.ts";
import { planArtifacts } from "./artifacts.ts";
import { plan90DayCard } from "./card.ts";
import { readPlan90DayContext } from "./context.ts";
import { finishPlan } from "./finish.ts";
import { planPrompt } from "./prompt.ts";
import { readPlan } from "./read-plan.ts";
import { answerSchema } from "./schema.ts";

export const plan90DayAgent = defineAgent({
  ...plan90DayCard,
  output: answerSchema,
  context: readPlan90DayContext,
  prompt: planPrompt,
  read: readPlan,
  finish: finishPlan,
  artifacts: planArtifacts,
});
