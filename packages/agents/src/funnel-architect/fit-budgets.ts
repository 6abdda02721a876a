/** The funnel's money: within its plan, in stages that sum to it, and what each stage pays for. */

import { type Finding, fixed, fixedIf, open } from "../agent/finding.ts";
import { apportion, decimalsOf, fitTo } from "../marketing/apportion.ts";
import { sumAmounts } from "../marketing/money.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

type Stage = FunnelArchitectOutput["stages"][number];

/**
 * The funnel's budget decides; where it has none, it is what the stages need. Stages without any
 * budget need what their campaigns cost, which would be scaled to nothing otherwise.
 */
export function fitBudgets(
  { funnel, stages }: FunnelArchitectOutput,
  /** Null where no plan sets one. */
  plannedBudget: number | null,
  told: Finding[],
): FunnelArchitectOutput {
  const budgets = stages.map((stage) => stage.budget_allocation);
  const costs = stages.map(costOf);
  const given = sumAmounts(budgets) === 0 && sumAmounts(costs) > 0 ? costs : budgets;
  const needed = funnel.total_budget > 0 ? funnel.total_budget : sumAmounts(given);
  const total = plannedBudget === null ? needed : Math.min(needed, plannedBudget);
  told.push(
    ...fixedIf(
      needed !== funnel.total_budget,
      "sum",
      "funnel.total_budget",
      "Set to the sum of what its stages need.",
    ),
    ...fixedIf(total < needed, "asked", "funnel.total_budget", "Kept within the plan's budget."),
  );
  const parts = fitTo(given, total, decimalsOf(total));
  told.push(
    ...fixedIf(parts !== budgets, "sum", "stages", "Budgets scaled to sum to the funnel's."),
    ...undivided(parts, total),
  );
  return {
    funnel: { ...funnel, total_budget: total },
    stages: stages.map((stage, i) =>
      fitCosts({ ...stage, budget_allocation: parts[i] ?? stage.budget_allocation }, i, told),
    ),
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

/** What a stage's campaigns cost is at most what it has. */
function fitCosts(stage: Stage, index: number, told: Finding[]): Stage {
  const { budget_allocation: budget, campaign_types } = stage;
  const costs = campaign_types.map((type) => type.estimated_cost);
  if (sumAmounts(costs) <= budget) return stage;
  const fitted = apportion(costs, budget, decimalsOf(budget)) ?? costs;
  told.push(
    fixed("sum", `stages[${index}].campaign_types`, "Costs scaled to fit the stage's budget."),
  );
  return {
    ...stage,
    campaign_types: campaign_types.map((type, i) => ({
      ...type,
      estimated_cost: fitted[i] ?? type.estimated_cost,
    })),
  };
}
