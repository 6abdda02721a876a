/**
 * Finds the signals in the numbers: falls that are not due to few events, and costs without any
 * conversion. The model explains the signals; it does not search for them. A period that is covered
 * in part shows nothing.
 */
import type { Aggregate, MeasuredName } from "../marketing/metrics/aggregate-metrics.ts";
import { MEASURED_NAMES } from "../marketing/metrics/aggregate-metrics.ts";
import type { MeasuredCampaign, Metrics } from "../marketing/metrics/measure-campaigns.ts";

export interface Signal {
  readonly campaign_id: string;
  readonly campaign_name: string;
  readonly metric: MeasuredName;
  readonly previous: number | null;
  readonly current: number | null;
  readonly change_percent: number | null;
  readonly severity: "warning" | "critical";
}

/** The falls that are a warning and critical, in percent. */
const WARNING_FALL = 25;
const CRITICAL_FALL = 50;
/** Fewer events vary too much to be a signal. */
const EVENTS_MIN = 30;
/** The most severe signals; the others are dropped. */
const SIGNALS_MAX = 20;

/** The events that each number is based on. A fall is a signal only with enough of them. */
const BASE_OF: Readonly<Partial<Record<MeasuredName, "impressions" | "clicks" | "conversions">>> = {
  impressions: "impressions",
  clicks: "clicks",
  ctr: "clicks",
  conversions: "conversions",
  conversion_rate: "conversions",
  revenue: "conversions",
  roas: "conversions",
};

/** Critical signals first, then the greatest falls. */
export function findSignals({ by_campaign }: Metrics): readonly Signal[] {
  const signals = by_campaign.flatMap((one) => [...fallsOf(one), ...wasteOf(one)]);
  return signals.toSorted(byGravity).slice(0, SIGNALS_MAX);
}

export function severityOf(changePercent: number): "info" | "warning" | "critical" {
  if (changePercent < -CRITICAL_FALL) return "critical";
  return changePercent <= -WARNING_FALL ? "warning" : "info";
}

function fallsOf(one: MeasuredCampaign): readonly Signal[] {
  const { campaign_id, campaign_name, current, previous, change_percent } = one;
  if (!current?.is_whole || !previous?.is_whole) return [];
  return MEASURED_NAMES.flatMap((metric) => {
    const change = change_percent?.[metric] ?? 0;
    const severity = severityOf(change);
    if (severity === "info" || !isFirm(metric, previous)) return [];
    const numbers = { previous: previous?.[metric] ?? null, current: current?.[metric] ?? null };
    return [{ campaign_id, campaign_name, metric, ...numbers, change_percent: change, severity }];
  });
}

function isFirm(metric: MeasuredName, previous: Aggregate | null): boolean {
  const base = BASE_OF[metric];
  return base !== undefined && (previous?.[base] ?? 0) >= EVENTS_MIN;
}

/** Costs and many clicks, but no conversion. */
function wasteOf(one: MeasuredCampaign): readonly Signal[] {
  const { campaign_id, campaign_name, current, previous, change_percent } = one;
  const isWaste =
    current?.is_whole === true &&
    current.cost > 0 &&
    current.conversions === 0 &&
    current.clicks >= EVENTS_MIN;
  const isFallAlready = (previous?.conversions ?? 0) >= EVENTS_MIN;
  if (!isWaste || isFallAlready) return [];
  return [
    {
      campaign_id,
      campaign_name,
      metric: "conversions",
      previous: previous?.conversions ?? null,
      current: 0,
      change_percent: change_percent?.conversions ?? null,
      severity: "warning",
    },
  ];
}

function byGravity(a: Signal, b: Signal): number {
  return (
    Number(b.severity === "critical") - Number(a.severity === "critical") ||
    (a.change_percent ?? 0) - (b.change_percent ?? 0)
  );
}
