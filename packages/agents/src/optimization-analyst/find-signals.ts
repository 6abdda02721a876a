/**
 * What stands out in the numbers, found by code: falls that are no accident of few events, and
 * money that brought nothing. The model explains them; it does not look for them.
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

/** Falls from which on something is wrong, and very wrong, in percent. */
const WARNING_FALL = 25;
const CRITICAL_FALL = 50;
/** Fewer events rise and fall by themselves. */
const EVENTS_MIN = 30;
const SIGNALS_MAX = 20;

/** What each number counts: enough of these, and its fall means something. */
const BASE_OF: Readonly<Partial<Record<MeasuredName, "impressions" | "clicks" | "conversions">>> = {
  impressions: "impressions",
  clicks: "clicks",
  ctr: "clicks",
  conversions: "conversions",
  conversion_rate: "conversions",
  revenue: "conversions",
  roas: "conversions",
};

/** The gravest first, then the greatest falls. */
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

/** Clicks were paid for, and none of many led anywhere. */
function wasteOf(one: MeasuredCampaign): readonly Signal[] {
  const { campaign_id, campaign_name, current, previous, change_percent } = one;
  const isWaste =
    current !== null &&
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
