/** The agent of the funnel architect, assembled from its parts. */
import { defineAgent } from "../agent/define-agent.ts";
import { readerOf } from "../marketing/read-members.ts";
import { funnelArtifacts } from "./artifacts.ts";
import { funnelArchitectCard } from "./card.ts";
import { readFunnelArchitectContext } from "./context.ts";
import { finishFunnel } from "./finish.ts";
import { funnelPrompt } from "./prompt.ts";
import { outputSchema } from "./schema.ts";

/** What the stages spend is the budget of the funnel. */
const SUMS = [{ parts: ["stages[].budget_allocation"], total: "funnel.total_budget" }];

export const funnelArchitectAgent = defineAgent({
  ...funnelArchitectCard,
  context: readFunnelArchitectContext,
  prompt: funnelPrompt,
  read: readerOf(outputSchema, SUMS),
  finish: finishFunnel,
  artifacts: funnelArtifacts,
});
