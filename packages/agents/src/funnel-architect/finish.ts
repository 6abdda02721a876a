/** The funnel's exact side: order, whole people, rates as fractions, budgets that sum. */
import type { Finding, Finished } from "../agent.ts";
import { decimalsOf, fitTo, sum } from "../marketing/apportion.ts";
import { fixed, fixedIf } from "../marketing/findings.ts";
import type { FunnelArchitectContext } from "./context.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

type Funnel = FunnelArchitectOutput["funnel"];
type Stages = FunnelArchitectOutput["stages"];

type Asked = Pick<FunnelArchitectContext, "funnelType">;

/** Each step answers the same stages if there is nothing to mend, else new ones and says so. */
type Step = (stages: Stages, told: Finding[]) => Stages;

export function finishFunnel(
  output: FunnelArchitectOutput,
  context: Asked,
): Finished<FunnelArchitectOutput> {
  const findings: Finding[] = [];
  const steps: readonly Step[] = [renumber, roundVolumes, toFractions];
  const stages = steps.reduce((mended, step) => step(mended, findings), output.stages);
  const typed = setType(output.funnel, context, findings);
  const funnel = readsAsPercent(output, stages) ? toFraction(typed, findings) : typed;
  return { output: fitBudgets({ funnel, stages }, findings), findings };
}

function setType(given: Funnel, context: Asked, told: Finding[]): Funnel {
  const { funnelType } = context;
  if (funnelType === null || funnelType === given.funnel_type) return given;
  told.push(fixed("asked", "funnel.funnel_type", "Set to the type that was asked for."));
  return { ...given, funnel_type: funnelType };
}

/**
 * Above 1 it can be nothing else. Below, as in 0.24, it is told by the stages where these were in
 * percent: whether the product of their rates is nearer to it or to its hundredth.
 */
function readsAsPercent({ funnel, stages: given }: FunnelArchitectOutput, stages: Stages): boolean {
  const rate = funnel.expected_conversion_rate;
  if (rate > 1) return true;
  const last = stages.findLastIndex((stage) => stage.stage_type === "conversion");
  const product = stages
    .slice(0, last + 1)
    .reduce((product, stage) => product * stage.conversion_rate_target, 1);
  const werePercent = given.some((stage) => stage.conversion_rate_target > 1);
  return werePercent && product > 0 && rate > 10 * product;
}

function toFraction(given: Funnel, told: Finding[]): Funnel {
  told.push(
    fixed("number", "funnel.expected_conversion_rate", "Turned from percent into a fraction."),
  );
  return { ...given, expected_conversion_rate: given.expected_conversion_rate / 100 };
}

function renumber(given: Stages, told: Finding[]): Stages {
  const stages = given
    .toSorted((a, b) => a.stage_order - b.stage_order)
    .map((stage, index) => ({ ...stage, stage_order: index + 1 }));
  if (stages.every((stage, index) => stage.stage_order === given[index]?.stage_order)) return given;
  told.push(fixed("order", "stages", "Put in order and numbered from 1."));
  return stages;
}

function roundVolumes(given: Stages, told: Finding[]): Stages {
  if (given.every((stage) => Number.isInteger(stage.expected_volume))) return given;
  told.push(fixed("number", "stages", "Volumes rounded to whole people."));
  return given.map((stage) => ({ ...stage, expected_volume: Math.round(stage.expected_volume) }));
}

/** No fraction exceeds 1, and one list is written in one way: one percent makes all percents. */
function toFractions(given: Stages, told: Finding[]): Stages {
  if (given.every((stage) => stage.conversion_rate_target <= 1)) return given;
  told.push(fixed("number", "stages", "Conversion rates turned from percent into fractions."));
  return given.map((stage) => ({
    ...stage,
    conversion_rate_target: stage.conversion_rate_target / 100,
  }));
}

/** The funnel's budget decides; where it has none, it is what the stages need. */
function fitBudgets({ funnel, stages }: FunnelArchitectOutput, told: Finding[]) {
  const given = stages.map((stage) => stage.budget_allocation);
  const total = funnel.total_budget > 0 ? funnel.total_budget : sum(given);
  told.push(
    ...fixedIf(
      total !== funnel.total_budget,
      "sum",
      "funnel.total_budget",
      "Set to the sum of the stages' budgets.",
    ),
  );
  const parts = fitTo(given, total, decimalsOf(total));
  told.push(...fixedIf(parts !== given, "sum", "stages", "Budgets scaled to sum to the funnel's."));
  return {
    funnel: { ...funnel, total_budget: total },
    stages: stages.map((stage, i) => ({
      ...stage,
      budget_allocation: parts[i] ?? stage.budget_allocation,
    })),
  };
}
