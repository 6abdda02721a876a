/** The card of the brand intake. Raise the version when its prompt or a schema changes meaning. */
import { defineCard } from "../agent/agent-card.ts";
import { inputSchema, outputSchema } from "./schema.ts";

export const brandIntakeCard = defineCard({
  name: "cmo-brand-intake",
  mode: "setup",
  title: "Brand intake",
  description:
    "Interviews you about your brand, your customers and your offers, and writes down what the other agents need to know.",
  version: 4,
  reply: "prose",
  tag: null,
  input: inputSchema,
  output: outputSchema,
  legacyFields: { current_step: "currentStep", existing_data: "existingData" },
});
