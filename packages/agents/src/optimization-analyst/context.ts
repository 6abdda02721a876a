/**
 * The context of the analyst: the campaigns with their ids, and the sums of their numbers in the
 * period and in the previous one. The brand may be missing.
 */
import type { ContextSource } from "../agent/define-agent.ts";
import { InputError } from "../agent/define-agent.ts";
import type { Metrics } from "../marketing/metrics/measure-campaigns.ts";
import { toPeriodLabel, windowsOf } from "../marketing/metrics/period.ts";
import { type Brand, readBrand } from "../marketing/workspace/foundation.ts";
import { type PlanBlock, toPlanBlock } from "../marketing/workspace/plan-block.ts";
import { type CampaignBlock, readCampaigns } from "../marketing/workspace/read-campaigns.ts";
import { type FunnelWithStages, readFunnel } from "../marketing/workspace/read-funnel.ts";
import { readNamedRow } from "../marketing/workspace/read-named-row.ts";
import { type Setting, toSetting } from "../prompt/setting.ts";
import type { Room } from "../prompt/take-within.ts";
import { findSignals, type Signal } from "./find-signals.ts";
import type { OptimizationAnalystInput } from "./schema.ts";

/** More campaigns would not fit into a prompt. */
const CAMPAIGNS_ROOM: Room = { items: 25, characters: 24_000 };

interface AnalysedMetrics extends Metrics {
  /** The period's name, or the ISO 8601 interval of its days. */
  readonly period: string;
  readonly signals: readonly Signal[];
}

export interface OptimizationAnalystContext extends Setting {
  readonly brand: Brand | null;
  readonly plan: PlanBlock | null;
  readonly funnel: FunnelWithStages | null;
  readonly campaigns: readonly CampaignBlock[];
  readonly metrics: AnalysedMetrics;
  readonly leftOut: readonly string[];
  /** The caller's own words. */
  readonly wish: string | null;
}

export async function readOptimizationAnalystContext(
  source: ContextSource,
  input: OptimizationAnalystInput,
): Promise<OptimizationAnalystContext> {
  const { db, today } = source;
  const windows = windowsOf(input.period, today);
  if (windows.current.from > today) {
    throw new InputError(
      "period begins after today: nothing has been measured yet. Ask for an earlier one.",
    );
  }
  const { planId, funnelId } = input;
  const [brand, plan, funnel, read] = await Promise.all([
    readBrand(db),
    readNamedRow(db, "cmo_marketing_plans", { field: "planId", id: planId }),
    readFunnel(db, funnelId),
    readCampaigns(db, { windows, planId, funnelId, room: CAMPAIGNS_ROOM }),
  ]);
  return {
    ...toSetting(source),
    brand,
    plan: plan && toPlanBlock(plan),
    funnel,
    campaigns: read.campaigns,
    metrics: {
      period: toPeriodLabel(input.period, windows),
      ...read.metrics,
      signals: findSignals(read.metrics),
    },
    leftOut: [...read.leftOut, ...(funnel?.leftOut ?? [])],
    wish: input.prompt ?? null,
  };
}
