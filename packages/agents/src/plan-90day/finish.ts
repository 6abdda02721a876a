/**
 * Finishes a plan: its dates, its money, its names, and what the request demands. Exact values are
 * computed; what only the author can decide becomes an open finding.
 */
import type { Finished } from "../agent/define-agent.ts";
import { withoutRepeats } from "../agent/finding.ts";
import { fitInSteps } from "../agent/fitted.ts";
import { checkPlan } from "./check-plan.ts";
import { checkWishes } from "./check-wishes.ts";
import type { Plan90DayContext } from "./context.ts";
import { doubtsOfPlan } from "./doubts-of-plan.ts";
import { fitBudget } from "./fit-budget.ts";
import { fitCalendar } from "./fit-calendar.ts";
import { fitPlanNames } from "./fit-plan-names.ts";
import { fitTargets } from "./fit-targets.ts";
import type { DeployedPlan, Plan90DayAnswer, PlanSource } from "./schema.ts";
import { sourcesOf } from "./sources.ts";
import { toDeployedPlan } from "./to-deployed-plan.ts";

export function finishPlan(
  answer: Plan90DayAnswer,
  context: Plan90DayContext,
): Finished<Plan90DayAnswer & { plan: DeployedPlan; sources: PlanSource[] }> {
  const { value: plan, findings } = fitInSteps(answer, [
    (given) => fitCalendar(given, context),
    (given) => fitBudget(given, context),
    (given) => fitPlanNames(given, context.names),
    (given) => fitTargets(given, context.asked),
  ]);
  const checked = [
    ...checkWishes(plan, context.asked),
    ...checkPlan(plan, context),
    ...doubtsOfPlan(plan, context),
  ];
  return {
    output: { ...plan, plan: toDeployedPlan(plan), sources: sourcesOf(plan, context) },
    findings: withoutRepeats([...findings, ...checked]),
  };
}
