/** The analysis' exact side: scores, gaps, the order of priority, and ids that exist. */
import type { Finding, Finished } from "../agent.ts";
import { fixedIf } from "../marketing/findings.ts";
import type { OptimizationAnalystContext } from "./context.ts";
import type { OptimizationAnalystOutput } from "./schema.ts";

type Recommendation = OptimizationAnalystOutput["recommendations"][number];
type AffectedMetric = Recommendation["metrics_affected"][number];

/** Where each word stands on the scale from 1 to 10. */
const POINTS = { low: 2, medium: 5, high: 9, info: 2, warning: 5, critical: 9 } as const;

export function finishAnalysis(
  output: OptimizationAnalystOutput,
  context: OptimizationAnalystContext,
): Finished<OptimizationAnalystOutput> {
  const knownIds = idsOf(context);
  const scored = output.recommendations.map((given) => finishOne(given, knownIds));
  const recommendations = scored.toSorted((a, b) => b.priority_score - a.priority_score);
  const next_steps = output.next_steps.toSorted((a, b) => a.priority - b.priority);
  return {
    output: {
      ...output,
      analysis_summary: {
        ...output.analysis_summary,
        analysis_date: context.today,
        period_analyzed: context.metrics.period,
      },
      recommendations,
      next_steps,
    },
    findings: tellUnknownIds(output.recommendations, knownIds),
  };
}

function finishOne(given: Recommendation, knownIds: ReadonlySet<string>): Recommendation {
  return {
    ...given,
    source_id: given.source_id !== null && knownIds.has(given.source_id) ? given.source_id : null,
    priority_score: POINTS[given.impact] * 3 + POINTS[given.severity] * 2 - POINTS[given.effort],
    metrics_affected: given.metrics_affected.map(withGap),
  };
}

function withGap(metric: AffectedMetric): AffectedMetric {
  const { current_value: current, target_value: target } = metric;
  if (current === null || target === null) return { ...metric, gap: null, gap_percentage: null };
  const gap = target - current;
  return {
    ...metric,
    gap: roundTo(gap, 4),
    gap_percentage: target === 0 ? null : roundTo((gap / target) * 100, 1),
  };
}

function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

/** A made-up id would lead a screen, or a later insert, to a row that is not there. */
function tellUnknownIds(
  recommendations: readonly Recommendation[],
  knownIds: ReadonlySet<string>,
): readonly Finding[] {
  return recommendations.flatMap(({ source_id }, i) =>
    fixedIf(
      source_id !== null && !knownIds.has(source_id),
      "reference",
      `recommendations[${i}].source_id`,
      "Removed: it is not an id of the data.",
    ),
  );
}

function idsOf({ campaigns, plan, funnel }: OptimizationAnalystContext): ReadonlySet<string> {
  const rows = [...campaigns, plan, funnel?.funnel, ...(funnel?.stages ?? [])];
  return new Set(rows.flatMap((row) => (row ? [row.id] : [])));
}
