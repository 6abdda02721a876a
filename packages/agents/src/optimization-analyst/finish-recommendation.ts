/** One recommendation's exact side: its source, its numbers, how grave and how urgent it is. */
import { type Finding, fixed, open } from "../agent/finding.ts";
import type { Measured } from "../marketing/metrics/measure-campaigns.ts";
import { measuredName, measuredValue } from "./measured-value.ts";
import type { OptimizationAnalystOutput } from "./schema.ts";
import { isMadeUp, type Known, measuredChannel, sourceNamed } from "./sources.ts";

export type Recommendation = OptimizationAnalystOutput["recommendations"][number];
type AffectedMetric = Recommendation["metrics_affected"][number];

/** Where each word stands on the scale from 1 to 10. */
const POINTS = { low: 2, medium: 5, high: 9, info: 2, warning: 5, critical: 9 } as const;
const GRAVITY = { info: 0, warning: 1, critical: 2 } as const;

/** impact × 3 + urgency × 2 − effort: from 1 to 43. How urgent something is, its severity says. */
function scoreOf({ impact, severity, effort }: Recommendation): number {
  return POINTS[impact] * 3 + POINTS[severity] * 2 - POINTS[effort];
}

/** Thirds of the scale. */
const HIGH_FROM = 30;
const MEDIUM_FROM = 16;

/** The word that the saved row has for a score. */
export function priorityOf(score: number): "low" | "medium" | "high" {
  if (score >= HIGH_FROM) return "high";
  return score >= MEDIUM_FROM ? "medium" : "low";
}

export interface Mended<Value> {
  readonly value: Value;
  readonly findings: readonly Finding[];
}

/** The findings' paths are for their reader to complete: they begin within the recommendation. */
export function finishRecommendation(given: Recommendation, known: Known): Mended<Recommendation> {
  const findings: Finding[] = [];
  const sourced = fitSource(given, known, findings);
  const measured = measuredOf(sourced, known);
  const metrics_affected = sourced.metrics_affected.map((metric, i) =>
    fitMetric(metric, measured, (message) =>
      findings.push(fixed("number", `metrics_affected[${i}]`, message)),
    ),
  );
  const severity = fitSeverity({ ...sourced, metrics_affected }, known, findings);
  const mended = { ...sourced, metrics_affected, severity };
  return { value: { ...mended, priority_score: scoreOf(mended) }, findings };
}

/** A made-up id would lead a screen, or a saved row, to a row that is not there. */
function fitSource(given: Recommendation, known: Known, told: Finding[]): Recommendation {
  const { sources } = known;
  const byId = sources.find(({ id }) => id === given.source_id);
  const source = byId ?? sourceNamed(given.source_name, sources);
  if (!source) {
    const { source_type: type, source_name: name } = given;
    if (isMadeUp(type, name, known)) {
      const message = `“${name}” is no ${type} of the data. Name one by its exact name and id; for what has yet to be set up, leave source_name empty.`;
      told.push(open("reference", "source_name", message));
    }
    if (given.source_id === null) return given;
    told.push(fixed("reference", "source_id", "Removed: it is not an id of the data."));
    return { ...given, source_id: null };
  }
  const { id, type, name } = source;
  if (given.source_id === id && given.source_type === type && given.source_name === name) {
    return given;
  }
  told.push(fixed("reference", "source_id", `Set to the id, type and name of “${name}”.`));
  return { ...given, source_id: id, source_type: type, source_name: name };
}

/** Of its campaign, or of its channel in all campaigns; of nothing else are there numbers. */
function measuredOf(given: Recommendation, { context, sources }: Known): Measured | null {
  const source = sources.find(({ id }) => id === given.source_id);
  if (source?.type === "campaign") return source.measured;
  if (given.source_type === "channel") return measuredChannel(given.source_name, context);
  return null;
}

function fitMetric(
  given: AffectedMetric,
  measured: Measured | null,
  tell: (message: string) => void,
): AffectedMetric {
  const name = measuredName(given.metric);
  const isKnown = measured !== null && name !== null;
  const { target_value, current_value } = given;
  const current = isKnown
    ? measuredValue(measured.current, name, { current: current_value, target: target_value })
    : current_value;
  if (current !== current_value) {
    tell(current === null ? "Removed: it was not measured." : "Set to what was measured.");
  }
  return { ...given, current_value: current, ...gapOf(current, target_value) };
}

function gapOf(current: number | null, target: number | null) {
  if (current === null || target === null) return { gap: null, gap_percentage: null };
  const gap = target - current;
  const percentage = target === 0 ? null : roundTo((gap / target) * 100, 1);
  return { gap: roundTo(gap, 4), gap_percentage: percentage };
}

/** Beyond what can be scaled there is nothing to round, and nothing is infinite. */
function roundTo(value: number, decimals: number): number | null {
  if (!Number.isFinite(value)) return null;
  const scale = 10 ** decimals;
  return Math.abs(value) < 1e15 / scale ? Math.round(value * scale) / scale : value;
}

/** No milder than the gravest fall that it is about. */
function fitSeverity(
  { severity, source_id, metrics_affected }: Recommendation,
  { context }: Known,
  told: Finding[],
): Recommendation["severity"] {
  const names = new Set(metrics_affected.map(({ metric }) => measuredName(metric)));
  const gravest = context.metrics.signals
    .filter(({ campaign_id, metric }) => campaign_id === source_id && names.has(metric))
    .toSorted((a, b) => GRAVITY[b.severity] - GRAVITY[a.severity])[0];
  if (!gravest || GRAVITY[gravest.severity] <= GRAVITY[severity]) return severity;
  told.push(
    fixed("number", "severity", `Set to ${gravest.severity}: see the change of ${gravest.metric}.`),
  );
  return gravest.severity;
}
