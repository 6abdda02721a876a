/** The agent of the brand intake, assembled from its parts. */
import { defineAgent } from "../agent/define-agent.ts";
import { readerOf } from "../marketing/read-members.ts";
import { intakeArtifacts } from "./artifacts.ts";
import { brandIntakeCard } from "./card.ts";
import { readBrandIntakeContext } from "./context.ts";
import { finishIntake } from "./finish.ts";
import { intakePrompt } from "./prompt.ts";
import { answerSchema, writtenSchema } from "./schema.ts";

export const brandIntakeAgent = defineAgent({
  ...brandIntakeCard,
  output: answerSchema,
  written: writtenSchema,
  context: readBrandIntakeContext,
  prompt: intakePrompt,
  read: readerOf(answerSchema),
  finish: finishIntake,
  artifacts: intakeArtifacts,
});
