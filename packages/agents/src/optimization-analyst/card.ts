/** The card of the optimization analyst. Raise the version when its prompt or a schema changes meaning. */
import { defineCard } from "../agent/agent-card.ts";
import { inputSchema, outputSchema } from "./schema.ts";

export const optimizationAnalystCard = defineCard({
  name: "cmo-optimization-analyst",
  mode: "optimization",
  title: "Optimization analyst",
  description:
    "Reads what your campaigns achieved in a period and says what to change first, with the reasons and the effort.",
  version: 3,
  reply: "json",
  tag: "recommendations",
  input: inputSchema,
  output: outputSchema,
  legacyFields: { plan_id: "planId", funnel_id: "funnelId" },
});
