/** Finishes one recommendation: its source, its numbers, its severity and its priority. */
import { fixed, open } from "../agent/finding.ts";
import { type Fitted, fitEach, fitInSteps, fitted } from "../agent/fitted.ts";
import type { Measured } from "../marketing/metrics/measure-campaigns.ts";
import { measuredName, measuredValue } from "./measured-value.ts";
import type { OptimizationAnalystOutput } from "./schema.ts";
import { isMadeUp, type Known, measuredChannel, sourceNamed } from "./sources.ts";

export type Recommendation = OptimizationAnalystOutput["recommendations"][number];
type AffectedMetric = Recommendation["metrics_affected"][number];

/** The points of each word, on a scale from 1 to 10. */
const POINTS = { low: 2, medium: 5, high: 9, info: 2, warning: 5, critical: 9 } as const;
const GRAVITY = { info: 0, warning: 1, critical: 2 } as const;

/** impact × 3 + urgency × 2 − effort: from 1 to 43. The severity is the urgency. */
function scoreOf({ impact, severity, effort }: Recommendation): number {
  return POINTS[impact] * 3 + POINTS[severity] * 2 - POINTS[effort];
}

/** Thirds of the scale. */
const HIGH_FROM = 30;
const MEDIUM_FROM = 16;

/** The word for a score in the saved row. */
export function priorityOf(score: number): "low" | "medium" | "high" {
  if (score >= HIGH_FROM) return "high";
  return score >= MEDIUM_FROM ? "medium" : "low";
}

/** The paths of the findings are relative to the recommendation. */
export function finishRecommendation(given: Recommendation, known: Known): Fitted<Recommendation> {
  const { value, findings } = fitInSteps(given, [
    (each) => fitSource(each, known),
    (each) => fitMetrics(each, known),
    (each) => fitSeverity(each, known),
  ]);
  return { value: { ...value, priority_score: scoreOf(value) }, findings };
}

/** An invented id would lead a screen or a saved row to a row that does not exist. */
function fitSource(given: Recommendation, known: Known): Fitted<Recommendation> {
  const { sources } = known;
  const byId = sources.find(({ id }) => id === given.source_id);
  const source = byId ?? sourceNamed(given.source_name, sources);
  if (!source) return removeSource(given, known);
  const { id, type, name } = source;
  if (given.source_id === id && given.source_type === type && given.source_name === name) {
    return fitted(given);
  }
  const message = `Set to the id, type and name of “${name}”.`;
  return fitted(
    { ...given, source_id: id, source_type: type, source_name: name },
    fixed("reference", "source_id", message),
  );
}

function removeSource(given: Recommendation, known: Known): Fitted<Recommendation> {
  const { source_type: type, source_name: name } = given;
  const message = `“${name}” is no ${type} of the data. Name one by its exact name and id; for what has yet to be set up, leave source_name empty.`;
  const invented = isMadeUp(type, name, known) ? [open("reference", "source_name", message)] : [];
  if (given.source_id === null) return fitted(given, ...invented);
  return fitted(
    { ...given, source_id: null },
    ...invented,
    fixed("reference", "source_id", "Removed: it is not an id of the data."),
  );
}

function fitMetrics(given: Recommendation, known: Known): Fitted<Recommendation> {
  const measured = measuredOf(given, known);
  const { value, findings } = fitEach(given.metrics_affected, (metric, i) =>
    fitMetric(metric, measured, `metrics_affected[${i}]`),
  );
  return { value: { ...given, metrics_affected: value }, findings };
}

/** The numbers of its campaign, or of its channel in all campaigns; null for any other source. */
function measuredOf(given: Recommendation, { context, sources }: Known): Measured | null {
  const source = sources.find(({ id }) => id === given.source_id);
  if (source?.type === "campaign") return source.measured;
  if (given.source_type === "channel") return measuredChannel(given.source_name, context);
  return null;
}

function fitMetric(
  given: AffectedMetric,
  measured: Measured | null,
  path: string,
): Fitted<AffectedMetric> {
  const name = measuredName(given.metric);
  const isKnown = measured !== null && name !== null;
  const { target_value, current_value } = given;
  const current = isKnown
    ? measuredValue(measured.current, name, { current: current_value, target: target_value })
    : current_value;
  const value = { ...given, current_value: current, ...gapOf(current, target_value) };
  if (current === current_value) return fitted(value);
  const message = current === null ? "Removed: it was not measured." : "Set to what was measured.";
  return fitted(value, fixed("number", path, message));
}

function gapOf(current: number | null, target: number | null) {
  if (current === null || target === null) return { gap: null, gap_percentage: null };
  const gap = target - current;
  const percentage = target === 0 ? null : roundTo((gap / target) * 100, 1);
  return { gap: roundTo(gap, 4), gap_percentage: percentage };
}

/** Values too large to scale are not rounded; infinite values become null. */
function roundTo(value: number, decimals: number): number | null {
  if (!Number.isFinite(value)) return null;
  const scale = 10 ** decimals;
  return Math.abs(value) < 1e15 / scale ? Math.round(value * scale) / scale : value;
}

/** Raises the severity to that of the gravest signal about the same campaign and metrics. */
function fitSeverity(given: Recommendation, { context }: Known): Fitted<Recommendation> {
  const { severity, source_id, metrics_affected } = given;
  const names = new Set(metrics_affected.map(({ metric }) => measuredName(metric)));
  const gravest = context.metrics.signals
    .filter(({ campaign_id, metric }) => campaign_id === source_id && names.has(metric))
    .toSorted((a, b) => GRAVITY[b.severity] - GRAVITY[a.severity])[0];
  if (!gravest || GRAVITY[gravest.severity] <= GRAVITY[severity]) return fitted(given);
  const message = `Set to ${gravest.severity}: see the change of ${gravest.metric}.`;
  return fitted({ ...given, severity: gravest.severity }, fixed("number", "severity", message));
}
