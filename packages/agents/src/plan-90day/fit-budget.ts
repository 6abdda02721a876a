/** The plan's money: the budget that was given, in parts that sum to it. */

import { type Finding, fixed, fixedIf, open } from "../agent/finding.ts";
import { apportion, decimalsOf, fitTo, sum, sumsTo } from "../marketing/apportion.ts";
import { sumAmounts } from "../marketing/money.ts";
import type { Plan90DayContext } from "./context.ts";
import { MONTHS, type Plan90DayAnswer } from "./schema.ts";

type Budget = Plan90DayAnswer["budget_allocation"];
type ChannelMix = Plan90DayAnswer["channel_mix"];
type Months = Pick<Plan90DayAnswer, (typeof MONTHS)[number]>;

/** Each step answers the same plan if there is nothing to mend, else a new one and says so. */
export function fitBudget(
  plan: Plan90DayAnswer,
  context: Plan90DayContext,
  told: Finding[],
): Plan90DayAnswer {
  const budget_allocation = fitAllocation(plan, context, told);
  const { total_budget } = budget_allocation;
  return {
    ...plan,
    budget_allocation,
    channel_mix: fitChannelMix(plan.channel_mix, total_budget, told),
    ...fitCampaigns(plan, total_budget, told),
  };
}

function fitAllocation(plan: Plan90DayAnswer, context: Plan90DayContext, told: Finding[]): Budget {
  const given = plan.budget_allocation;
  const total = context.budget ?? totalOf(plan);
  const { currency } = context.workspace;
  const breakdown = fitBreakdown(given.breakdown, total);
  const path = "budget_allocation";
  told.push(
    ...fixedIf(
      total !== given.total_budget,
      context.budget === null ? "sum" : "asked",
      `${path}.total_budget`,
      context.budget === null ? "Set to what it is spent on." : "Set to the budget given.",
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
  );
  if (total > 0 && sumAmounts(breakdown.map((part) => part.amount)) === 0) {
    told.push(
      open(
        "missing",
        `${path}.breakdown`,
        `Nothing is allocated. Divide the budget of ${total} ${currency} into categories with shares in percent.`,
      ),
    );
  }
  return { total_budget: total, currency, breakdown };
}

/** What the plan says that it costs, else what its categories do, else its campaigns. */
function totalOf(plan: Plan90DayAnswer): number {
  const { total_budget, breakdown } = plan.budget_allocation;
  const amounts = breakdown.map((part) => part.amount);
  return total_budget || sumAmounts(amounts) || sumAmounts(campaignBudgets(plan));
}

function campaignBudgets(plan: Months): readonly number[] {
  return MONTHS.flatMap((name) => plan[name].campaigns.map(({ budget }) => budget));
}

/** The same array if its numbers already agree. Shares decide; amounts do where there are none. */
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

/** Amounts may be rounded to what people like to read: by one percent of the total, or one unit. */
function isNear(amounts: readonly number[], shares: readonly number[], total: number): boolean {
  const tolerance = Math.max(total / 100, 1);
  return amounts.every(
    (amount, i) => Math.abs(amount - ((shares[i] ?? 0) / 100) * total) <= tolerance,
  );
}

/** Without money there is nothing to share, though shares of the effort may be given. */
function fitChannelMix(given: ChannelMix, total: number, told: Finding[]): ChannelMix {
  const givenShares = given.map((channel) => channel.budget_percentage);
  const shares = fitTo(givenShares, 100, 1);
  if (total > 0 && sum(shares) === 0) {
    told.push(open("sum", "channel_mix", "Give each channel its share in percent, 100 in all."));
  }
  if (shares === givenShares) return given;
  told.push(fixed("sum", "channel_mix", "Budget percentages scaled to sum to 100."));
  return given.map((channel, i) => ({ ...channel, budget_percentage: shares[i] ?? 0 }));
}

/** What the months' campaigns cost together is at most the budget; the rest is kept in hand. */
function fitCampaigns(plan: Months, total: number, told: Finding[]): Partial<Months> {
  const budgets = campaignBudgets(plan);
  if (sumAmounts(budgets) <= total) return {};
  const fitted = [...(apportion(budgets, total, decimalsOf(total)) ?? budgets)];
  told.push(
    fixed("sum", "month_1_plan.campaigns", "All campaigns' budgets scaled to fit into the total."),
  );
  const months = MONTHS.map((name) => {
    const campaigns = plan[name].campaigns.map((campaign) => ({
      ...campaign,
      budget: fitted.shift() ?? campaign.budget,
    }));
    return [name, { ...plan[name], campaigns }] as const;
  });
  return Object.fromEntries(months);
}
