/** A scripted analysis: the change of each campaign's numbers, and a recommendation for it. */
import { DEMO_NOTE } from "./demo-note.ts";
import { newBrief } from "./new-brief.ts";
import type { Facts } from "./read-facts.ts";
import { toCents } from "./split-amount.ts";

type Measured = Facts["metrics"]["by_campaign"][number];
type Aggregate = NonNullable<Measured["current"]>;
type Level = "low" | "medium" | "high";
type Severity = "info" | "warning" | "critical";

interface Reading {
  readonly id: string;
  readonly name: string;
  readonly current: Aggregate;
  readonly previous: Aggregate | null;
  /** Change of the conversions compared with the previous period, in percent; null without one. */
  readonly change: number | null;
  /** Of the most severe signal in its numbers. */
  readonly severity: Severity;
  readonly isExample: boolean;
}

interface Advice {
  readonly source: {
    readonly type: "campaign" | "audience";
    readonly id: string | null;
    readonly name: string;
  };
  readonly category: "performance" | "budget" | "targeting" | "technical";
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly impact: Level;
  readonly effort: Level;
  readonly action: string;
  readonly reading: Reading | null;
}

const POINTS = { low: 2, medium: 5, high: 9, info: 2, warning: 5, critical: 9 } as const;
/** Smaller changes are noise. */
const STEADY = 5;
const CAMPAIGNS_MAX = 5;

export function newAnalysis(facts: Facts): object {
  const readings = readCampaigns(facts);
  const advice = [
    ...readings.slice(0, CAMPAIGNS_MAX).map(adviseOn),
    ...generalAdvice(facts, readings),
  ];
  const recommendations = advice
    .toSorted((a, b) => scoreOf(b) - scoreOf(a))
    .map((one, i) => toRecommendation(one, i));
  return {
    analysis_summary: summarize(facts, readings, advice),
    recommendations,
    quick_wins: [
      {
        action: "Put the strongest benefit into the first line of every text",
        expected_impact: "More clicks at no cost",
        time_to_implement: "1 day",
      },
      {
        action: "Ask three customers why they chose you",
        expected_impact: "Words that others will recognise",
        time_to_implement: "3 days",
      },
    ],
    next_steps: advice.slice(0, 3).map(({ action }, i) => ({
      step: action,
      priority: i + 1,
      timeline: `Week ${i + 1}`,
      resources_needed: "The marketing lead, half a day",
    })),
  };
}

/** Campaigns with numbers, by severity, then by conversions. */
function readCampaigns({ campaigns, metrics }: Facts): readonly Reading[] {
  return campaigns
    .flatMap(({ id, campaign_name }) => {
      const measured = metrics.by_campaign.find((one) => one.campaign_id === id);
      return measured?.current
        ? [newReading({ id, name: campaign_name, measured, current: measured.current }, metrics)]
        : [];
    })
    .toSorted(
      (a, b) =>
        POINTS[b.severity] - POINTS[a.severity] ||
        (b.current.conversions ?? 0) - (a.current.conversions ?? 0),
    );
}

interface Named {
  readonly id: string;
  readonly name: string;
  readonly measured: Measured;
  readonly current: Aggregate;
}

function newReading({ id, name, measured, current }: Named, metrics: Facts["metrics"]): Reading {
  const own = metrics.signals.filter(({ campaign_id }) => campaign_id === id);
  const severities = own.map(({ severity }) => severity);
  return {
    id,
    name,
    current,
    previous: measured.previous,
    change: measured.change_percent?.conversions ?? null,
    severity: severities.includes("critical") ? "critical" : (severities[0] ?? "info"),
    isExample: metrics.data_mode === "demo",
  };
}

function adviseOn(reading: Reading): Advice {
  const { id, name, current, change, severity } = reading;
  const isFalling = severity !== "info";
  const conversions = current.conversions ?? 0;
  return {
    source: { type: "campaign", id, name },
    category: isFalling ? "performance" : "budget",
    title: isFalling ? `Find out what changed for ${name}` : `Give ${name} a little more budget`,
    description: [
      `${name} brought ${conversions} conversions at a cost of ${current.cost ?? 0}, ${tellChange(change)}.`,
      ...(reading.isExample ? ["Some of these numbers are examples."] : []),
      DEMO_NOTE,
    ].join(" "),
    severity,
    impact: isFalling ? "high" : "medium",
    effort: isFalling ? "medium" : "low",
    action: isFalling
      ? `Compare the last texts and audiences of ${name}`
      : `Raise the budget of ${name} by 15 %`,
    reading,
  };
}

function tellChange(change: number | null): string {
  if (change === null) return "with nothing to compare with";
  return `${change >= 0 ? "+" : "−"}${Math.abs(change)} % against the period before`;
}

function generalAdvice(facts: Facts, readings: readonly Reading[]): readonly Advice[] {
  const { brand, audience, product, channels } = newBrief(facts);
  const general = { severity: "info", effort: "medium", reading: null } as const;
  const source = { type: "audience", id: null, name: audience } as const;
  const first: readonly Advice[] =
    readings.length > 0
      ? []
      : [
          {
            ...general,
            source,
            category: "performance",
            title: "Start a first campaign and measure it",
            description: `Nothing has been measured for ${brand} in this period. A small campaign on ${channels.slice(0, 2).join(" and ")} would show what ${audience} answer to. ${DEMO_NOTE}`,
            impact: "high",
            action: `Design a campaign for ${product}`,
          },
        ];
  return [
    ...first,
    {
      ...general,
      source,
      category: "targeting",
      title: `Speak to ${audience} by their own words`,
      description: `Texts that name the reader's problem are read on. ${DEMO_NOTE}`,
      impact: "medium",
      action: `Rewrite the first lines for ${audience}`,
    },
    {
      ...general,
      source,
      category: "technical",
      title: "Count conversions the same way everywhere",
      description: `Numbers that mean the same can be compared, and only then decide. ${DEMO_NOTE}`,
      impact: "medium",
      action: "Write down what counts as a conversion",
    },
  ];
}

function scoreOf({ impact, severity, effort }: Advice): number {
  return POINTS[impact] * 3 + POINTS[severity] * 2 - POINTS[effort];
}

function toRecommendation(advice: Advice, index: number): object {
  const { source, category, title, description, severity, impact, effort, action, reading } =
    advice;
  return {
    recommendation_id: `R${index + 1}`,
    source_type: source.type,
    source_id: source.id,
    source_name: source.name,
    category,
    title,
    description,
    severity,
    impact,
    effort,
    priority_score: scoreOf(advice),
    metrics_affected: reading ? [conversionsOf(reading)] : [],
    suggested_actions: [
      {
        action,
        timeline: "Within two weeks",
        owner: "Marketing lead",
        expected_outcome: "A clear next step",
      },
    ],
    supporting_data: reading?.previous
      ? {
          trend: trendOf(reading.change ?? 0),
          comparison_period: "The period before",
          benchmark_comparison: "at",
        }
      : null,
  };
}

function conversionsOf({ current, previous }: Reading): object {
  const current_value = current.conversions ?? 0;
  const target_value = Math.ceil(Math.max(current_value, previous?.conversions ?? 0, 1) * 1.15);
  const gap = toCents(target_value - current_value);
  const gap_percentage = Math.round((gap / target_value) * 1_000) / 10;
  return { metric: "Conversions", current_value, target_value, gap, gap_percentage };
}

function trendOf(change: number): string {
  if (Math.abs(change) < STEADY) return "stable";
  return change > 0 ? "improving" : "declining";
}

function summarize(
  { today, metrics }: Facts,
  readings: readonly Reading[],
  advice: readonly Advice[],
): object {
  const [best] = readings.toSorted(
    (a, b) => (b.current.conversions ?? 0) - (a.current.conversions ?? 0),
  );
  const severities = advice.map(({ severity }) => severity);
  const isWell = readings.length > 0 && !severities.includes("warning");
  return {
    analysis_date: today,
    period_analyzed: metrics.period,
    overall_health: severities.includes("critical")
      ? "critical"
      : isWell
        ? "healthy"
        : "needs_attention",
    top_performer: best
      ? {
          type: "campaign",
          name: best.name,
          key_metric: "Conversions",
          value: best.current.conversions ?? 0,
        }
      : null,
    biggest_opportunity: best
      ? { type: "campaign", name: best.name, potential_lift: "15 %" }
      : null,
  };
}
