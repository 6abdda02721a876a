/**
 * What the analyst knows: campaigns with their ids, and what each achieved in the period and in
 * the one before it, added up here. The brand may be missing; the numbers speak without it.
 */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import type { ContextSource } from "../agent.ts";
import { addDays } from "../marketing/calendar.ts";
import { type Brand, readBrand } from "../marketing/foundation.ts";
import { pick } from "../marketing/pick.ts";
import { type PlanBlock, toPlanBlock } from "../marketing/plan-block.ts";
import { type FunnelWithStages, readFunnel } from "../marketing/read-funnel.ts";
import { readNamedRow } from "../marketing/read-named-row.ts";
import { type Setting, toSetting } from "../marketing/setting.ts";
import { PERIOD_DAYS, type Period } from "../marketing/vocabulary.ts";
import { type Aggregate, aggregateMetrics, type Window } from "./aggregate-metrics.ts";
import type { OptimizationAnalystInput } from "./schema.ts";

/** The most recently changed ones: more would neither fit a prompt nor a reader's day. */
const CAMPAIGNS_MAX = 25;
/** Two long periods of daily snapshots of five kinds are 900. */
const SNAPSHOTS_MAX = 1_000;

const CAMPAIGN_COLUMNS = [
  "id",
  "campaign_name",
  "campaign_type",
  "status",
  "objective",
  "funnel_stage",
  "target_icp",
  "budget_allocation",
  "primary_kpi",
  "start_date",
  "end_date",
] as const;

type CampaignBlock = Pick<Row<"cmo_campaigns">, (typeof CAMPAIGN_COLUMNS)[number]>;

interface CampaignMetrics {
  readonly campaign_id: string;
  readonly current: Aggregate | null;
  readonly previous: Aggregate | null;
  /** `demo` numbers are examples, not results. */
  readonly data_modes: readonly string[];
}

interface Metrics {
  readonly period: Period;
  readonly current_period: Window;
  readonly previous_period: Window;
  readonly totals: { readonly current: Aggregate | null; readonly previous: Aggregate | null };
  readonly by_campaign: readonly CampaignMetrics[];
  /** Campaigns with more snapshots than were read: their numbers are too low. */
  readonly incomplete_campaigns: readonly string[];
}

export interface OptimizationAnalystContext extends Setting {
  readonly brand: Brand | null;
  readonly plan: PlanBlock | null;
  readonly funnel: FunnelWithStages | null;
  readonly campaigns: readonly CampaignBlock[];
  readonly metrics: Metrics;
}

export async function readOptimizationAnalystContext(
  source: ContextSource,
  input: OptimizationAnalystInput,
): Promise<OptimizationAnalystContext> {
  const { db, today } = source;
  const [brand, plan, funnel, { campaigns, metrics }] = await Promise.all([
    readBrand(db),
    readNamedRow(db, "cmo_marketing_plans", { field: "planId", id: input.planId }),
    readFunnel(db, input.funnelId),
    readMeasuredCampaigns(db, today, input.period),
  ]);
  return {
    ...toSetting(source),
    brand,
    plan: plan && toPlanBlock(plan),
    funnel,
    campaigns,
    metrics,
  };
}

async function readMeasuredCampaigns(db: WorkspaceDb, today: string, period: Period) {
  const rows = await db.list("cmo_campaigns", {
    orderBy: [
      ["updated_at", "descending"],
      ["id", "ascending"],
    ],
    limit: CAMPAIGNS_MAX,
  });
  const campaigns = rows.map((row) => pick(row, CAMPAIGN_COLUMNS));
  const windows = windowsOf(today, period);
  const snapshots = await Promise.all(
    campaigns.map(({ id }) => readSnapshots(db, id, windows.previous.from)),
  );
  return { campaigns, metrics: toMetrics({ period, windows, campaigns, snapshots }) };
}

function readSnapshots(db: WorkspaceDb, campaignId: string, since: string) {
  return db.list("cmo_metrics_snapshots", {
    where: { campaign_id: campaignId },
    since: ["snapshot_date", since],
    orderBy: [["snapshot_date", "descending"]],
    limit: SNAPSHOTS_MAX,
  });
}

interface Measured {
  readonly period: Period;
  readonly windows: { readonly current: Window; readonly previous: Window };
  readonly campaigns: readonly CampaignBlock[];
  readonly snapshots: readonly Row<"cmo_metrics_snapshots">[][];
}

function toMetrics({ period, windows, campaigns, snapshots }: Measured): Metrics {
  const { current, previous } = windows;
  const all = snapshots.flat();
  return {
    period,
    current_period: current,
    previous_period: previous,
    totals: {
      current: aggregateMetrics(all, current),
      previous: aggregateMetrics(all, previous),
    },
    by_campaign: campaigns.map(({ id }, i) => {
      const own = snapshots[i] ?? [];
      return {
        campaign_id: id,
        current: aggregateMetrics(own, current),
        previous: aggregateMetrics(own, previous),
        data_modes: [...new Set(own.map((snapshot) => snapshot.data_mode))],
      };
    }),
    incomplete_campaigns: campaigns
      .filter((_, i) => snapshots[i]?.length === SNAPSHOTS_MAX)
      .map(({ id }) => id),
  };
}

/** The days up to and with today, and as many before them. */
function windowsOf(today: string, period: Period) {
  const days = PERIOD_DAYS[period];
  const from = addDays(today, 1 - days);
  return {
    current: { from, to: today },
    previous: { from: addDays(from, -days), to: addDays(from, -1) },
  };
}
