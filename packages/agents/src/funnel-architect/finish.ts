/**
 * The funnel's exact side: order, whole people who flow from stage to stage, rates as fractions,
 * budgets that sum, names that exist. What only its author can put right is told.
 */
import type { Finished } from "../agent/define-agent.ts";
import { type Finding, fixed, withoutRepeats } from "../agent/finding.ts";
import { checkFunnel } from "./check-funnel.ts";
import type { FunnelArchitectContext } from "./context.ts";
import { fitBudgets } from "./fit-budgets.ts";
import { fitFlow } from "./fit-flow.ts";
import { fitFunnelNames } from "./fit-funnel-names.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

type Funnel = FunnelArchitectOutput["funnel"];

export function finishFunnel(
  answer: FunnelArchitectOutput,
  context: FunnelArchitectContext,
): Finished<FunnelArchitectOutput> {
  const told: Finding[] = [];
  const funnel = setType(answer.funnel, context, told);
  const flowing = fitFlow({ ...answer, funnel }, told);
  const paid = fitBudgets(flowing, context.planned.budget, told);
  const output = fitFunnelNames(paid, context.names, told);
  told.push(...checkFunnel(output, context));
  return { output, findings: withoutRepeats(told) };
}

function setType(given: Funnel, context: FunnelArchitectContext, told: Finding[]): Funnel {
  const { funnelType } = context;
  if (funnelType === null || funnelType === given.funnel_type) return given;
  told.push(fixed("asked", "funnel.funnel_type", "Set to the type that was asked for."));
  return { ...given, funnel_type: funnelType };
}
