/**
 * Finds numbers that an analysis states as facts and the data does not contain. Proposals, such as
 * a new budget or a date, belong in the actions of a recommendation, which are not checked.
 */
import { doubt, type Finding } from "../agent/finding.ts";
import { numbersIn } from "../marketing/read-number.ts";
import { newEvidence } from "../marketing/unproven-claims.ts";
import type { OptimizationAnalystContext } from "./context.ts";
import type { Recommendation } from "./finish-recommendation.ts";
import type { OptimizationAnalystOutput } from "./schema.ts";

/** Small numbers count days, weeks and things; they are not results. */
const SMALL_MAX = 12;
/** Benchmarks and thresholds of the prompt, the days of its periods, and 100 percent. */
const ALLOWED = [14, 15, 20, 25, 30, 50, 60, 90, 100];

export function unknownNumbers(
  { recommendations }: OptimizationAnalystOutput,
  context: OptimizationAnalystContext,
): readonly Finding[] {
  const given = roundedOf(newEvidence(context).numbers);
  return recommendations.flatMap((one, i) => [
    ...inText(one, given, `recommendations[${i}].description`),
    ...inMetrics(one, given, `recommendations[${i}].metrics_affected`),
  ]);
}

function inText(
  { title, description, metrics_affected }: Recommendation,
  given: ReadonlySet<number>,
  path: string,
): readonly Finding[] {
  const own = metrics_affected.flatMap((metric) =>
    [metric.current_value, metric.target_value, metric.gap, metric.gap_percentage].flatMap(
      (value) => (value === null ? [] : [Math.abs(value)]),
    ),
  );
  const ofOwn = roundedOf(own);
  const unknown = numbersIn(`${title}\n${description}`).find(
    ({ values }) => !values.some((value) => isCount(value) || given.has(value) || ofOwn.has(value)),
  );
  if (unknown === undefined) return [];
  return [
    doubt(
      "number",
      path,
      `“${unknown.written}” in “${title}” is not in the data. Quote a number of the metrics block, or leave it out; proposals belong in suggested_actions.`,
    ),
  ];
}

function inMetrics(
  { metrics_affected }: Recommendation,
  given: ReadonlySet<number>,
  path: string,
): readonly Finding[] {
  return metrics_affected.flatMap(({ metric, current_value }, i) =>
    current_value === null || isCount(Math.abs(current_value)) || given.has(Math.abs(current_value))
      ? []
      : [
          doubt(
            "number",
            `${path}[${i}].current_value`,
            `${current_value} as ${metric} is not in the data. Give the measured number, or null if it was not measured.`,
          ),
        ],
  );
}

function isCount(value: number): boolean {
  const isYear = Number.isInteger(value) && value >= 2000 && value < 2100;
  return isYear || (Number.isInteger(value) && value <= SMALL_MAX) || ALLOWED.includes(value);
}

/** A number may be quoted with fewer decimals, and a fraction in percent. */
function roundedOf(numbers: Iterable<number>): ReadonlySet<number> {
  const rounded = new Set<number>();
  for (const number of numbers) {
    for (const value of number <= 1 ? [number, number * 100] : [number]) {
      for (const scale of [1, 10, 100, 10_000]) rounded.add(Math.round(value * scale) / scale);
    }
  }
  return rounded;
}
