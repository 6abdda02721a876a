/** Reads a plan's members in any spelling. Its money adds up to the budget. */
import type { Fitted } from "../agent/fitted.ts";
import { readMembers } from "../marketing/read-members.ts";
import type { Plan90DayContext } from "./context.ts";
import { answerSchema, MONTHS } from "./schema.ts";

const TOTAL = "budget_allocation.total_budget";
const AMOUNTS = "budget_allocation.breakdown[].amount";
const CAMPAIGNS = MONTHS.map((name) => `${name}.campaigns[].budget`);

export function readPlan(
  answer: unknown,
  { workspace, budget, startDate }: Plan90DayContext,
): Fitted<unknown> {
  const total = budget ?? TOTAL;
  const sums = [
    { parts: [TOTAL], total },
    { parts: [AMOUNTS], total },
    { parts: CAMPAIGNS, total, isLimit: true },
  ];
  return readMembers(answerSchema, answer, { workspace, from: startDate, sums });
}
