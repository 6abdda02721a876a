/**
 * Finishes a funnel: order, whole people who flow from stage to stage, rates as fractions, budgets
 * that sum, names that exist. What only the author can decide becomes an open finding.
 */
import type { Finished } from "../agent/define-agent.ts";
import { fixed, withoutRepeats } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { checkFunnel } from "./check-funnel.ts";
import type { FunnelArchitectContext } from "./context.ts";
import { fitBudgets } from "./fit-budgets.ts";
import { fitFlow } from "./fit-flow.ts";
import { fitFunnelNames } from "./fit-funnel-names.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

export function finishFunnel(
  answer: FunnelArchitectOutput,
  context: FunnelArchitectContext,
): Finished<FunnelArchitectOutput> {
  const { value: output, findings } = fitInSteps(answer, [
    (given) => setType(given, context),
    fitFlow,
    (given) => fitBudgets(given, context.planned.budget),
    (given) => fitFunnelNames(given, context.names),
  ]);
  return { output, findings: withoutRepeats([...findings, ...checkFunnel(output, context)]) };
}

function setType(
  given: FunnelArchitectOutput,
  { funnelType }: FunnelArchitectContext,
): Fitted<FunnelArchitectOutput> {
  if (funnelType === null || funnelType === given.funnel.funnel_type) return fitted(given);
  return fitted(
    { ...given, funnel: { ...given.funnel, funnel_type: funnelType } },
    fixed("asked", "funnel.funnel_type", "Set to the type that was asked for."),
  );
}
