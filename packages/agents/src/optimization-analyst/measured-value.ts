/** The measured number for a metric that an answer names. */
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

/** Null for a metric that is not measured. */
export function measuredName(metric: string): MeasuredName | null {
  const words = metric
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .trim();
  return NAMES.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/** The numbers that an answer gives for a metric. Its target is never changed. */
interface Given {
  readonly current: number | null;
  readonly target: number | null;
}

/** The measured value, in the unit of the answer. */
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
 * A number above ten times the value is closer to 100 × value, as a ratio, and therefore in
 * percent. A number above 1 is in percent, too, unless the measured value itself is above 1. A
 * target in percent decides, because the gap is between two numbers of one unit.
 */
function isInPercent(value: number, { current, target }: Given): boolean {
  const most = value > 1 ? 10 * value : Math.min(1, 10 * value);
  const isOnlyPercent = target !== null && target > Math.max(1, most);
  return isOnlyPercent || (current ?? target ?? 0) > most;
}
