/** The card of the funnel architect. Raise the version when its prompt or a schema changes meaning. */
import { defineCard } from "../agent/agent-card.ts";
import { inputSchema, outputSchema } from "./schema.ts";

export const funnelArchitectCard = defineCard({
  name: "cmo-funnel-architect",
  mode: "funnels",
  title: "Funnel architect",
  description:
    "Designs a funnel stage by stage, from first contact to advocacy, with volumes, rates, budgets and content for each stage.",
  version: 3,
  reply: "json",
  tag: "funnel",
  input: inputSchema,
  output: outputSchema,
  legacyFields: { plan_id: "planId", funnel_type: "funnelType" },
});
