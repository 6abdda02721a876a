/** The number that an answer speaks of, where it is one of those that were added up. */
import type { Aggregate, MeasuredName } from "../marketing/aggregate-metrics.ts";

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

/** In the unit that `like` is written in: a rate beside a 2.5 is in percent. */
export function measuredValue(
  aggregate: Aggregate | null,
  name: MeasuredName,
  like: number | null,
): number | null {
  const value = aggregate?.[name] ?? null;
  if (value === null || !FRACTIONS.has(name) || (like ?? 0) <= 1) return value;
  return Math.round(value * 10_000) / 100;
}
