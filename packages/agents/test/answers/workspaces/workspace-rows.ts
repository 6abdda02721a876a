/** Builds the rows of a workspace of the answers from what matters in it. */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import type { WorkspaceProfile } from "../../../src/agent/define-agent.ts";

type Table = Parameters<WorkspaceDb["list"]>[0];
type WorkspaceRows = { readonly [Name in Table]?: readonly Row<Name>[] };

/** A business: what an agent reads of it, and the day on which it is asked. */
export interface Workspace {
  readonly profile: WorkspaceProfile;
  readonly today: string;
  readonly rows: WorkspaceRows;
}

const owned = {
  workspace_id: "5a0e7c52-8a53-4c0c-9e7e-0d7d2f1b6a11",
  tenant_id: "b1f6f1a4-6c1e-4f0c-8b38-5b1a6f0e9c22",
  created_at: "2026-08-01T09:00:00+00:00",
};
const saved = {
  ...owned,
  created_by: null,
  updated_at: "2026-11-20T09:00:00+00:00",
  agent_run_id: null,
  warnings: [],
};

type Given<Name extends Table, Needed extends keyof Row<Name>> = Partial<Row<Name>> &
  Pick<Row<Name>, "id" | Needed>;

export function brandRow(
  given: Given<"cmo_brand_profiles", "brand_name">,
): Row<"cmo_brand_profiles"> {
  return {
    ...saved,
    tagline: null,
    mission_statement: null,
    brand_voice: null,
    brand_tone: null,
    brand_personality: [],
    core_values: [],
    brand_colors: {},
    brand_fonts: {},
    logo_url: null,
    website_url: null,
    industry: null,
    competitors: [],
    unique_value_proposition: null,
    key_differentiators: [],
    messaging_pillars: [],
    content_themes: [],
    ...given,
  };
}

export function segmentRow(
  given: Given<"cmo_icp_segments", "segment_name">,
): Row<"cmo_icp_segments"> {
  return {
    ...saved,
    segment_code: null,
    segment_description: null,
    company_size: null,
    demographics: {},
    psychographics: {},
    pain_points: [],
    goals: [],
    buying_triggers: [],
    objections: [],
    preferred_channels: [],
    content_preferences: {},
    budget_range: {},
    decision_criteria: [],
    industry_verticals: [],
    job_titles: [],
    is_primary: false,
    is_active: true,
    priority_score: 50,
    ...given,
  };
}

export function offerRow(
  given: Given<"cmo_offers", "offer_name" | "offer_type">,
): Row<"cmo_offers"> {
  return {
    ...saved,
    description: null,
    key_benefits: [],
    features: [],
    pricing_model: null,
    price_range: {},
    target_segments: [],
    use_cases: [],
    success_metrics: [],
    testimonials: [],
    case_studies: [],
    competitive_positioning: null,
    launch_date: null,
    status: "active",
    is_flagship: false,
    landing_page_url: null,
    demo_url: null,
    ...given,
  };
}

export function campaignRow(given: Given<"cmo_campaigns", "campaign_name">): Row<"cmo_campaigns"> {
  return {
    ...saved,
    funnel_id: null,
    plan_id: null,
    campaign_type: "lead_gen",
    objective: null,
    description: null,
    target_icp: null,
    target_offer: null,
    funnel_stage: "awareness",
    start_date: "2026-10-01",
    end_date: "2026-12-31",
    budget_allocation: 3000,
    primary_kpi: {},
    secondary_kpis: [],
    success_criteria: null,
    status: "active",
    goal: null,
    autopilot_enabled: false,
    last_optimization_at: null,
    last_optimization_note: null,
    target_segment_codes: [],
    target_tags: null,
    ...given,
  };
}

export function channelRow(
  given: Given<"cmo_campaign_channels", "campaign_id" | "channel_name">,
): Row<"cmo_campaign_channels"> {
  return {
    ...saved,
    channel_type: "owned",
    priority: "primary",
    budget_percentage: 50,
    content_types: [],
    posting_frequency: null,
    targeting_notes: null,
    expected_metrics: {},
    is_paid: false,
    external_source: null,
    external_account_id: null,
    external_campaign_id: null,
    external_adset_id: null,
    external_ad_id: null,
    utm_source: null,
    utm_medium: null,
    utm_campaign: null,
    ...given,
  };
}

interface Numbers {
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  readonly cost: number;
  readonly revenue: number;
}

const DAY_MS = 86_400_000;

type Snapshot = Row<"cmo_metrics_snapshots">;

/** Thirty days of the same numbers, the last of them `until`. */
export function thirtyDays(
  campaignId: string,
  until: string,
  numbers: Numbers,
): readonly Snapshot[] {
  return Array.from({ length: 30 }, (_, i) =>
    snapshotRow(campaignId, { date: dayBefore(until, i), metric_type: "daily", numbers }),
  );
}

/** Weeks of the same numbers, each saved on its last day, the last of them `until`. */
export function constantWeeks(
  campaignId: string,
  { until, count, numbers }: { until: string; count: number; numbers: Numbers },
): readonly Snapshot[] {
  return Array.from({ length: count }, (_, i) =>
    snapshotRow(campaignId, { date: dayBefore(until, 7 * i), metric_type: "weekly", numbers }),
  );
}

function dayBefore(date: string, days: number): string {
  return new Date(Date.parse(date) - days * DAY_MS).toISOString().slice(0, 10);
}

interface Measured {
  readonly date: string;
  readonly metric_type: string;
  readonly numbers: Numbers;
}

function snapshotRow(campaign_id: string, { date, metric_type, numbers }: Measured): Snapshot {
  return {
    ...owned,
    id: `${campaign_id.slice(0, 24)}${date.replaceAll("-", "")}0000`,
    campaign_id,
    channel_id: null,
    snapshot_date: date,
    metric_type,
    engagement_rate: 0,
    conversion_rate: 0,
    roi: 0,
    custom_metrics: {},
    data_mode: "live",
    ...numbers,
  };
}

export function profile(
  name: string,
  { time_zone, currency, language }: Pick<WorkspaceProfile, "time_zone" | "currency" | "language">,
): WorkspaceProfile {
  return { id: owned.workspace_id, name, time_zone, currency, language };
}
