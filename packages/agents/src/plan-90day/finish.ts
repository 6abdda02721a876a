/**
 * The plan's exact side: its dates, its money, its names, and what the request demands. What is
 * exact is mended; what only its author can put right is told.
 */
import type { Finished } from "../agent/define-agent.ts";
import { type Finding, withoutRepeats } from "../agent/finding.ts";
import { checkPlan } from "./check-plan.ts";
import { checkWishes } from "./check-wishes.ts";
import type { Plan90DayContext } from "./context.ts";
import { fitBudget } from "./fit-budget.ts";
import { fitCalendar } from "./fit-calendar.ts";
import { fitPlanNames } from "./fit-plan-names.ts";
import { fitTargets } from "./fit-targets.ts";
import type { DeployedPlan, Plan90DayAnswer } from "./schema.ts";
import { toDeployedPlan } from "./to-deployed-plan.ts";

export function finishPlan(
  answer: Plan90DayAnswer,
  context: Plan90DayContext,
): Finished<Plan90DayAnswer & { plan: DeployedPlan }> {
  const told: Finding[] = [];
  const dated = fitCalendar(answer, context, told);
  const paid = fitBudget(dated, context, told);
  const named = fitPlanNames(paid, context.names, told);
  const plan = fitTargets(named, context.asked, told);
  told.push(...checkWishes(plan, context.asked), ...checkPlan(plan, context));
  return { output: { ...plan, plan: toDeployedPlan(plan) }, findings: withoutRepeats(told) };
}
