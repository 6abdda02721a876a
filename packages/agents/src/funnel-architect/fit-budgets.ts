/** The funnel's money: within its plan, in stages that sum to it, and what each stage pays for. */
import type { Finding } from "../agent.ts";
import { apportion, decimalsOf, fitTo, sum, sumsTo } from "../marketing/apportion.ts";
import { fixed, fixedIf } from "../marketing/findings.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

type Stage = FunnelArchitectOutput["stages"][number];

/** The funnel's budget decides; where it has none, it is what the stages need. */
export function fitBudgets(
  { funnel, stages }: FunnelArchitectOutput,
  /** Null where no plan sets one. */
  plannedBudget: number | null,
  told: Finding[],
): FunnelArchitectOutput {
  const given = stages.map((stage) => stage.budget_allocation);
  const needed = funnel.total_budget > 0 ? funnel.total_budget : sum(given);
  const total = plannedBudget === null ? needed : Math.min(needed, plannedBudget);
  told.push(
    ...fixedIf(
      needed !== funnel.total_budget,
      "sum",
      "funnel.total_budget",
      "Set to the sum of the stages' budgets.",
    ),
    ...fixedIf(total < needed, "asked", "funnel.total_budget", "Kept within the plan's budget."),
  );
  const parts = fitTo(given, total, decimalsOf(total));
  told.push(...fixedIf(parts !== given, "sum", "stages", "Budgets scaled to sum to the funnel's."));
  return {
    funnel: { ...funnel, total_budget: total },
    stages: stages.map((stage, i) =>
      fitCosts({ ...stage, budget_allocation: parts[i] ?? stage.budget_allocation }, i, told),
    ),
  };
}

/** What a stage's campaigns cost is at most what it has. */
function fitCosts(stage: Stage, index: number, told: Finding[]): Stage {
  const { budget_allocation: budget, campaign_types } = stage;
  const costs = campaign_types.map((type) => type.estimated_cost);
  if (sum(costs) <= budget || sumsTo(costs, budget)) return stage;
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
