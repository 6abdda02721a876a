/** The number that an answer speaks of, where it is one of those that were added up. */
import type { Aggregate, MeasuredName } from "../marketing/metrics/aggregate-metrics.ts";

const NAMES: readonly (readonly [pattern: RegExp, name: MeasuredName])[] = [
  [/^impressions?$/, "impressions"],
  [/^clicks?$/, "clicks"],
  [/^conversions?$/, "conversions"],
  [/^(total )?(costs?|spend|ad spend)$/, "cost"],
  [/^(total )?revenue$/, "revenue"],
  [/^(ctr|click through rate|clickthrough rate)$/, "ctr"],
  [/^(conversion rate|cvr|cr)$/, "conversion_rate"],
  [/^(cost per conversion|cost per acquisition|cpa)$/, "cost_per_conversion"],
  [/^(roas|return on ad spend|revenue by cost)$/, "roas"],
];

const FRACTIONS: ReadonlySet<MeasuredName> = new Set(["ctr", "conversion_rate"]);

/** Null for a metric that is not measured here. */
export function measuredName(metric: string): MeasuredName | null {
  const words = metric
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .trim();
  return NAMES.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/** What an answer gives of a metric; its target stays as it is. */
interface Given {
  readonly current: number | null;
  readonly target: number | null;
}

/** In the unit that the answer is written in. */
export function measuredValue(
  aggregate: Aggregate | null,
  name: MeasuredName,
  given: Given,
): number | null {
  const value = aggregate?.[name] ?? null;
  if (value === null || !FRACTIONS.has(name) || !isInPercent(value, given)) return value;
  return Math.round(value * 10_000) / 100;
}

/**
 * A number is nearer to 100 × value than to value above ten times the value, as ratios go. Above
 * 1 it is in percent whatever was measured, unless that is above 1 itself; a target that is so
 * decides, since a gap is told between two numbers of one unit.
 */
function isInPercent(value: number, { current, target }: Given): boolean {
  const most = value > 1 ? 10 * value : Math.min(1, 10 * value);
  const isOnlyPercent = target !== null && target > Math.max(1, most);
  return isOnlyPercent || (current ?? target ?? 0) > most;
}
