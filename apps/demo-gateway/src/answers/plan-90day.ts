/** A scripted 90-day plan for the requested goal, budget and dates. */
import { addDays } from "./add-days.ts";
import { DEMO_NOTE } from "./demo-note.ts";
import { type Brief, chooseChannels, clip, newBrief, nth } from "./new-brief.ts";
import { newCheckpoints, newMilestones } from "./plan-steps.ts";
import type { Facts } from "./read-facts.ts";
import { fallingShares, splitAmount, toCents, toCount } from "./split-amount.ts";

interface Outlook extends Brief {
  readonly goal: string;
  readonly focusAreas: readonly string[];
  readonly budget: number;
  readonly start: string;
  /** The leads that the budget could bring in 90 days. */
  readonly leads: number;
  readonly shares: readonly number[];
}

const PLAN_DAYS = 90;
/** In any currency: small enough to start with, large enough to show a result. */
const PROPOSED_BUDGET = 6_000;
const COST_PER_LEAD = 60;
const LEADS_MIN = 30;
/** Percentage that is not given to channels. */
const FOR_TESTS = 10;
const GOAL_MAX = 160;

export function newPlan(facts: Facts): object {
  const outlook = newOutlook(facts);
  const { brand, start, goal, audience } = outlook;
  return {
    plan_name: `${clip(brand, 60)}: 90 days from ${start}`,
    executive_summary: summarize(outlook, facts),
    start_date: start,
    end_date: addDays(start, PLAN_DAYS),
    primary_objectives: newObjectives(outlook, facts),
    key_metrics: newKeyMetrics(outlook, facts),
    budget_allocation: newBudget(outlook, facts.workspace.currency),
    ...newMonths(outlook),
    channel_mix: newChannelMix(outlook),
    campaign_themes: [
      theme("A clear promise", `Says to ${audience} what ${brand} stands for.`, [1, 4], outlook),
      theme("Proof in practice", `Shows step by step how ${goal} comes true.`, [5, 5], outlook),
      theme("The next step", "Leads those who are convinced to act.", [10, 4], outlook),
    ],
    risks_mitigations: newRisks(outlook),
    target_icp_segments: outlook.segmentNames,
    target_offers: outlook.offerNames,
    milestones: newMilestones(outlook),
    weekly_checkpoints: newCheckpoints(outlook),
  };
}

function newOutlook(facts: Facts): Outlook {
  const { request, today } = facts;
  const brief = newBrief(facts);
  const { constraints } = request;
  const allowed = typeof constraints === "string" ? [] : constraints.channels;
  const channels = allowed.length > 0 ? chooseChannels(allowed) : brief.channels;
  const budget = toCents(request.budget ?? PROPOSED_BUDGET);
  return {
    ...brief,
    channels,
    shares: fallingShares(channels.length),
    goal: clip(request.primaryGoal || request.prompt || "growth through qualified leads", GOAL_MAX),
    focusAreas: request.focusAreas,
    budget,
    start: request.start_date ?? today,
    leads: Math.max(LEADS_MIN, toCount(budget / COST_PER_LEAD)),
  };
}

function summarize(outlook: Outlook, { request, workspace, offers, segments }: Facts): string {
  const { brand, goal, audience, product, start, channels, budget } = outlook;
  const sum = `${budget} ${workspace.currency}`;
  return [
    `From ${start} on, ${brand} works for one goal: ${goal}.`,
    `The plan reaches ${audience} through ${channels.join(", ")} and leads them to ${product}.`,
    request.budget === null
      ? `No budget was given; ${sum} is a proposal to start with.`
      : `The ${sum} go to the channels, with ${FOR_TESTS} % kept for tests.`,
    ...(segments.length + offers.length === 0
      ? ["Segments and offers are not described yet; add them to make the plan sharper."]
      : []),
    DEMO_NOTE,
  ].join(" ");
}

function newObjectives({ goal, leads, audience, product }: Outlook, { request }: Facts): object[] {
  const focus = request.focusAreas.slice(0, 2);
  return [
    objective(`Reach the goal: ${goal}`, ["qualified leads", leads], "high"),
    objective(`Become known among ${audience}`, ["reach", toCount(leads * 400)], "medium"),
    objective(
      `Turn interest in ${product} into first conversations`,
      ["conversions", Math.ceil(leads / 5)],
      "high",
    ),
    ...focus.map((area) => objective(`Focus: ${area}`, ["finished activities", 3], "medium")),
  ];
}

function objective(
  sentence: string,
  [target_metric, goal]: readonly [string, number],
  priority: "medium" | "high",
): object {
  return { objective: sentence, target_metric, baseline: null, goal, priority };
}

function newKeyMetrics({ leads, goal }: Outlook, { request }: Facts): object[] {
  const asked = Object.entries(request.targetMetrics).map(([name, target]) =>
    metric(name.trim() || goal, target),
  );
  return [
    ...asked.slice(0, 4),
    metric("Qualified leads", leads),
    metric("Website visitors from campaigns", toCount(leads * 30)),
    metric("Open rate of e-mails", "20–25 %"),
    metric("Cost per lead", COST_PER_LEAD),
  ];
}

function metric(metric_name: string, target_value: number | string): object {
  return { metric_name, current_value: null, target_value, measurement_frequency: "weekly" };
}

function newBudget({ budget, channels, shares }: Outlook, currency: string): object {
  const percentages = [...shares.map((share) => (share * (100 - FOR_TESTS)) / 100), FOR_TESTS];
  const amounts = splitAmount(budget, percentages);
  const categories = [...channels, "Tests and learning"];
  return {
    total_budget: budget,
    currency,
    breakdown: categories.map((category, i) => ({
      category,
      amount: amounts[i],
      percentage: percentages[i],
    })),
  };
}

interface Month {
  readonly theme: string;
  readonly focus: readonly string[];
  readonly campaigns: readonly string[];
  readonly firstWeek: number;
  readonly reached: number;
}

function newMonths(outlook: Outlook): object {
  const { leads, brand, product, audience, budget } = outlook;
  const months: readonly Month[] = [
    {
      theme: "Lay the foundation and launch",
      focus: ["Measuring", "Messages", "First content"],
      campaigns: [`Meet ${brand}`, `A first look at ${product}`],
      firstWeek: 1,
      reached: Math.round(leads * 0.2),
    },
    {
      theme: "Learn and optimise",
      focus: ["Tests of messages", "Follow-up by e-mail", "Better pages"],
      campaigns: [`How ${product} helps`, `Questions of ${audience}`],
      firstWeek: 5,
      reached: Math.round(leads * 0.55),
    },
    {
      theme: "Scale what works",
      focus: ["The best channel", "References", "Repeat business"],
      campaigns: [`Decide for ${product}`, `Stay with ${brand}`],
      firstWeek: 9,
      reached: leads,
    },
  ];
  const budgets = splitAmount(budget, [25, 35, 40]);
  const asked = (month: number) => outlook.focusAreas.filter((_, i) => i % months.length === month);
  const plans = months.map((month, i) =>
    newMonth({ ...month, focus: [...month.focus, ...asked(i)] }, outlook, budgets[i] ?? 0),
  );
  return { month_1_plan: plans[0], month_2_plan: plans[1], month_3_plan: plans[2] };
}

function newMonth(month: Month, outlook: Outlook, budget: number): object {
  const { theme, focus, campaigns, firstWeek, reached } = month;
  const { channels, segmentNames, pain, benefit, goal } = outlook;
  const budgets = splitAmount(budget, [60, 40]);
  const target = (n: number) => nth(segmentNames, n);
  return {
    theme,
    focus_areas: focus,
    campaigns: campaigns.map((name, i) => ({
      name,
      objective: `${theme}, for ${goal}`,
      channels: channels.slice(i, i + 2),
      target_icp: target(i),
      tactics: [`Speak to: ${pain}`, `Show: ${benefit}`, "Ask for one small step"],
      budget: budgets[i],
    })),
    content_pieces: [0, 1, 2].map((n) => ({
      type: nth(["Blog article", "E-mail", "Short video"], n),
      title: nth(
        [`What to do about ${pain}`, `Three ways to ${benefit}`, "A look behind the scenes"],
        n,
      ),
      target_icp: target(n),
      goal: nth(["Be found", "Be remembered", "Be trusted"], n),
      publish_week: firstWeek + n,
    })),
    milestones: [`${reached} qualified leads in total`, `All ${focus.length} focus areas reviewed`],
  };
}

function newChannelMix({ channels, shares, segmentNames }: Outlook): object[] {
  const roles = ["Carries the message", "Brings people back", "Builds trust", "Catches demand"];
  return channels.map((channel, i) => ({
    channel,
    role: nth(roles, i),
    budget_percentage: shares[i],
    target_icps: segmentNames,
    kpis: ["Visitors", "Leads"],
  }));
}

function theme(
  theme_name: string,
  description: string,
  [start_week, duration_weeks]: readonly [number, number],
  { segmentNames }: Outlook,
): object {
  return { theme_name, description, duration_weeks, start_week, target_icps: segmentNames };
}

function newRisks({ audience, objection, channels }: Outlook): object[] {
  return [
    risk(
      `${audience} hesitate: ${objection}`,
      ["medium", "high"],
      ["Answer it first, on every page.", "Many visitors read the prices and leave."],
    ),
    risk(
      `${nth(channels, 0)} costs more than assumed`,
      ["medium", "medium"],
      ["Move the budget after two weeks of numbers.", "A lead costs twice its target."],
    ),
    risk(
      "Content is not ready in time",
      ["low", "medium"],
      ["Keep two weeks of it in stock.", "A piece is a week late."],
    ),
  ];
}

function risk(
  sentence: string,
  [likelihood, impact]: readonly [string, string],
  [mitigation, trigger]: readonly [string, string],
): object {
  return { risk: sentence, likelihood, impact, mitigation, trigger };
}
