/** The plan's exact side: its dates, its currency, and money and shares that sum. */
import type { Finding, Finished } from "../agent.ts";
import { apportion, decimalsOf, fitTo, sum, sumsTo } from "../marketing/apportion.ts";
import { fixedIf } from "../marketing/findings.ts";
import type { Plan90DayContext } from "./context.ts";
import { fitCalendar } from "./fit-calendar.ts";
import type { Plan90DayOutput } from "./schema.ts";

type Budget = Plan90DayOutput["budget_allocation"];
type ChannelMix = Plan90DayOutput["channel_mix"];

export function finishPlan(
  output: Plan90DayOutput,
  context: Plan90DayContext,
): Finished<Plan90DayOutput> {
  const budget = finishBudget(output.budget_allocation, context);
  const mix = finishChannelMix(output.channel_mix);
  const dated = fitCalendar(output, context);
  return {
    output: {
      ...dated.output,
      budget_allocation: budget.value,
      channel_mix: mix.value,
    },
    findings: [...dated.findings, ...budget.findings, ...mix.findings],
  };
}

interface Mended<Value> {
  readonly value: Value;
  readonly findings: readonly Finding[];
}

function finishBudget(given: Budget, context: Plan90DayContext): Mended<Budget> {
  const total = context.budget ?? (given.total_budget || sumOfAmounts(given));
  const currency = context.workspace.currency;
  const breakdown = finishBreakdown(given.breakdown, total);
  const path = "budget_allocation";
  return {
    value: { total_budget: total, currency, breakdown },
    findings: [
      ...fixedIf(
        total !== given.total_budget,
        "asked",
        `${path}.total_budget`,
        "Set to the budget given.",
      ),
      ...fixedIf(
        currency !== given.currency,
        "asked",
        `${path}.currency`,
        "Set to the workspace's currency.",
      ),
      ...fixedIf(
        breakdown !== given.breakdown,
        "sum",
        `${path}.breakdown`,
        "Recalculated, so that shares sum to 100 and amounts to the total.",
      ),
    ],
  };
}

function sumOfAmounts({ breakdown }: Budget): number {
  return sum(breakdown.map((part) => part.amount));
}

/** The same array if its numbers already agree. Shares decide; amounts do where there are none. */
function finishBreakdown(given: Budget["breakdown"], total: number): Budget["breakdown"] {
  const givenShares = given.map((part) => part.percentage);
  const givenAmounts = given.map((part) => part.amount);
  const weights = sum(givenShares) > 0 ? givenShares : givenAmounts;
  const shares = fitTo(weights, 100, 1);
  const agree =
    shares === givenShares && sumsTo(givenAmounts, total) && isNear(givenAmounts, shares, total);
  const amounts = agree ? givenAmounts : apportion(shares, total, decimalsOf(total));
  if (agree || amounts === null) return given;
  return given.map((part, i) => ({
    ...part,
    percentage: shares[i] ?? part.percentage,
    amount: amounts[i] ?? part.amount,
  }));
}

/** Amounts may be rounded to what people like to read: by one percent of the total, or one unit. */
function isNear(amounts: readonly number[], shares: readonly number[], total: number): boolean {
  const tolerance = Math.max(total / 100, 1);
  return amounts.every(
    (amount, i) => Math.abs(amount - ((shares[i] ?? 0) / 100) * total) <= tolerance,
  );
}

function finishChannelMix(given: ChannelMix): Mended<ChannelMix> {
  const givenShares = given.map((channel) => channel.budget_percentage);
  const shares = fitTo(givenShares, 100, 1);
  if (shares === givenShares) return { value: given, findings: [] };
  return {
    value: given.map((channel, i) => ({ ...channel, budget_percentage: shares[i] ?? 0 })),
    findings: fixedIf(true, "sum", "channel_mix", "Budget percentages scaled to sum to 100."),
  };
}
