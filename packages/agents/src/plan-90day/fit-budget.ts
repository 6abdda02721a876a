/** The plan's money: the budget that was given, in parts that sum to it. */
import { type Finding, fixed, fixedIf, open } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import { apportion, decimalsOf, fitTo, sum, sumsTo } from "../marketing/apportion.ts";
import { sumAmounts } from "../marketing/money.ts";
import type { Plan90DayContext } from "./context.ts";
import { MONTHS, type Plan90DayAnswer } from "./schema.ts";

type Budget = Plan90DayAnswer["budget_allocation"];
type ChannelMix = Plan90DayAnswer["channel_mix"];
type Months = Pick<Plan90DayAnswer, (typeof MONTHS)[number]>;

export function fitBudget(
  plan: Plan90DayAnswer,
  context: Plan90DayContext,
): Fitted<Plan90DayAnswer> {
  const budget = fitAllocation(plan, context);
  const { total_budget } = budget.value;
  const mix = fitChannelMix(plan.channel_mix, total_budget);
  const months = fitCampaigns(plan, total_budget);
  return {
    value: {
      ...plan,
      budget_allocation: budget.value,
      channel_mix: mix.value,
      ...months.value,
    },
    findings: [...budget.findings, ...mix.findings, ...months.findings],
  };
}

function fitAllocation(plan: Plan90DayAnswer, context: Plan90DayContext): Fitted<Budget> {
  const given = plan.budget_allocation;
  const { currency } = context.workspace;
  const total = context.budget ?? totalOf(plan);
  const breakdown = fitBreakdown(given.breakdown, total);
  const value = { total_budget: total, currency, breakdown };
  const isAsked = context.budget !== null;
  return fitted(
    value,
    ...fixedIf(
      total !== given.total_budget,
      isAsked ? "asked" : "sum",
      "budget_allocation.total_budget",
      isAsked ? "Set to the budget given." : "Set to what it is spent on.",
    ),
    ...fixedIf(
      currency !== given.currency,
      "asked",
      "budget_allocation.currency",
      "Set to the workspace's currency.",
    ),
    ...fixedIf(
      breakdown !== given.breakdown,
      "sum",
      "budget_allocation.breakdown",
      "Recalculated, so that shares sum to 100 and amounts to the total.",
    ),
    ...unallocated(value),
  );
}

function unallocated({ total_budget: total, currency, breakdown }: Budget): readonly Finding[] {
  if (total === 0 || sumAmounts(breakdown.map((part) => part.amount)) > 0) return [];
  const message = `Nothing is allocated. Divide the budget of ${total} ${currency} into categories with shares in percent.`;
  return [open("missing", "budget_allocation.breakdown", message)];
}

/** The plan's own total, otherwise the sum of its categories, otherwise that of its campaigns. */
function totalOf(plan: Plan90DayAnswer): number {
  const { total_budget, breakdown } = plan.budget_allocation;
  const amounts = breakdown.map((part) => part.amount);
  return total_budget || sumAmounts(amounts) || sumAmounts(campaignBudgets(plan));
}

function campaignBudgets(plan: Months): readonly number[] {
  return MONTHS.flatMap((name) => plan[name].campaigns.map(({ budget }) => budget));
}

/** The same array if its numbers already agree. Shares decide; without shares, amounts do. */
function fitBreakdown(given: Budget["breakdown"], total: number): Budget["breakdown"] {
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

/** Amounts may be rounded to readable numbers: by one percent of the total, or by one unit. */
function isNear(amounts: readonly number[], shares: readonly number[], total: number): boolean {
  const tolerance = Math.max(total / 100, 1);
  return amounts.every(
    (amount, i) => Math.abs(amount - ((shares[i] ?? 0) / 100) * total) <= tolerance,
  );
}

/** Without money, shares of the effort may be given, but none are demanded. */
function fitChannelMix(given: ChannelMix, total: number): Fitted<ChannelMix> {
  const givenShares = given.map((channel) => channel.budget_percentage);
  const shares = fitTo(givenShares, 100, 1);
  const isUndivided = total > 0 && sum(shares) === 0;
  const message = "Give each channel its share in percent, 100 in all.";
  const missing = isUndivided ? [open("sum", "channel_mix", message)] : [];
  if (shares === givenShares) return fitted(given, ...missing);
  return fitted(
    given.map((channel, i) => ({ ...channel, budget_percentage: shares[i] ?? 0 })),
    ...missing,
    fixed("sum", "channel_mix", "Budget percentages scaled to sum to 100."),
  );
}

/** The campaigns of all months cost at most the budget together; the rest is a reserve. */
function fitCampaigns(plan: Months, total: number): Fitted<Partial<Months>> {
  const budgets = campaignBudgets(plan);
  if (sumAmounts(budgets) <= total) return fitted({});
  const parts = [...(apportion(budgets, total, decimalsOf(total)) ?? budgets)];
  const months = MONTHS.map((name) => {
    const campaigns = plan[name].campaigns.map((campaign) => ({
      ...campaign,
      budget: parts.shift() ?? campaign.budget,
    }));
    return [name, { ...plan[name], campaigns }] as const;
  });
  const message = "All campaigns' budgets scaled to fit into the total.";
  return fitted(Object.fromEntries(months), fixed("sum", "month_1_plan.campaigns", message));
}
