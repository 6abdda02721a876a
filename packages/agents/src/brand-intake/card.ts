/** How the brand intake presents itself; the version counts what its prompt and schemas mean. */
import { defineCard } from "../agent/agent-card.ts";
import { inputSchema, outputSchema } from "./schema.ts";

export const brandIntakeCard = defineCard({
  name: "cmo-brand-intake",
  mode: "setup",
  title: "Brand intake",
  description:
    "Interviews you about your brand, your customers and your offers, and writes down what the other agents need to know.",
  version: 3,
  reply: "prose",
  tag: null,
  input: inputSchema,
  output: outputSchema,
  legacyFields: { current_step: "currentStep", existing_data: "existingData" },
});
