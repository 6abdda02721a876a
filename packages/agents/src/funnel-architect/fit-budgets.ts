/** The funnel's money: within its plan, in stages that sum to it, and what each stage pays for. */
import { type Finding, fixed, fixedIf, open } from "../agent/finding.ts";
import { type Fitted, fitEach, fitted } from "../agent/fitted.ts";
import { apportion, decimalsOf, fitTo } from "../marketing/apportion.ts";
import { sumAmounts } from "../marketing/money.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

type Stage = FunnelArchitectOutput["stages"][number];

/**
 * The funnel's budget decides. A funnel without a budget needs what its stages need. Stages without
 * any budget need what their campaigns cost; scaling these costs would reduce them to zero.
 */
export function fitBudgets(
  { funnel, stages: given }: FunnelArchitectOutput,
  /** Null if no plan sets a budget. */
  plannedBudget: number | null,
): Fitted<FunnelArchitectOutput> {
  const budgets = given.map((stage) => stage.budget_allocation);
  const costs = given.map(costOf);
  const wanted = sumAmounts(budgets) === 0 && sumAmounts(costs) > 0 ? costs : budgets;
  const needed = funnel.total_budget > 0 ? funnel.total_budget : sumAmounts(wanted);
  const total = plannedBudget === null ? needed : Math.min(needed, plannedBudget);
  const parts = fitTo(wanted, total, decimalsOf(total));
  const stages = fitEach(given, (stage, i) =>
    fitCosts({ ...stage, budget_allocation: parts[i] ?? stage.budget_allocation }, i),
  );
  const path = "funnel.total_budget";
  const isSummed = needed !== funnel.total_budget;
  return {
    value: { funnel: { ...funnel, total_budget: total }, stages: stages.value },
    findings: [
      ...fixedIf(isSummed, "sum", path, "Set to the sum of what its stages need."),
      ...fixedIf(total < needed, "asked", path, "Kept within the plan's budget."),
      ...fixedIf(parts !== budgets, "sum", "stages", "Budgets scaled to sum to the funnel's."),
      ...undivided(parts, total),
      ...stages.findings,
    ],
  };
}

function undivided(parts: readonly number[], total: number): readonly Finding[] {
  if (total === 0 || sumAmounts(parts) > 0) return [];
  const message = `No stage has a budget. Divide the funnel's ${total} among the stages.`;
  return [open("missing", "stages", message)];
}

function costOf({ campaign_types }: Stage): number {
  return sumAmounts(campaign_types.map((type) => type.estimated_cost));
}

/** The campaigns of a stage cost at most its budget. */
function fitCosts(stage: Stage, index: number): Fitted<Stage> {
  const { budget_allocation: budget, campaign_types } = stage;
  const costs = campaign_types.map((type) => type.estimated_cost);
  if (sumAmounts(costs) <= budget) return fitted(stage);
  const parts = apportion(costs, budget, decimalsOf(budget)) ?? costs;
  const value = {
    ...stage,
    campaign_types: campaign_types.map((type, i) => ({
      ...type,
      estimated_cost: parts[i] ?? type.estimated_cost,
    })),
  };
  const message = "Costs scaled to fit the stage's budget.";
  return fitted(value, fixed("sum", `stages[${index}].campaign_types`, message));
}
