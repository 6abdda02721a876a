/** The brand intake, whole. Its exact side is the schema: columns and nothing else. */
import { defineAgent } from "../agent.ts";
import { brandIntakeCard } from "./card.ts";
import { readBrandIntakeContext } from "./context.ts";
import { intakePrompt } from "./prompt.ts";

export const brandIntakeAgent = defineAgent({
  ...brandIntakeCard,
  context: readBrandIntakeContext,
  prompt: intakePrompt,
  finish: (output) => ({ output, findings: [] }),
  artifacts: () => [],
});
