/** The rows of an invented company, as the database returns them, for tests. */
import type { Row, WorkspaceDb } from "@cmo/shared/db";

type WorkspaceTable = Parameters<WorkspaceDb["list"]>[0];
export type SampleRows = { readonly [Table in WorkspaceTable]?: readonly Row<Table>[] };

export const SAMPLE_WORKSPACE_ID = "5a0e7c52-8a53-4c0c-9e7e-0d7d2f1b6a11";
const TENANT_ID = "b1f6f1a4-6c1e-4f0c-8b38-5b1a6f0e9c22";

export const SAMPLE_IDS = {
  plan: "0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e3f01",
  funnel: "0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e3f02",
  stage: "0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e3f03",
  campaign: "0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e3f04",
  quietCampaign: "0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e3f05",
  /** A well-formed id that does not exist in this workspace. */
  foreign: "ffffffff-ffff-4fff-bfff-ffffffffffff",
} as const;

const owned = {
  workspace_id: SAMPLE_WORKSPACE_ID,
  tenant_id: TENANT_ID,
  created_at: "2026-02-01T09:00:00+00:00",
};
const kept = { ...owned, created_by: null, updated_at: "2026-02-20T09:00:00+00:00" };
const saved = { ...kept, agent_run_id: null, warnings: [] };

const brand: Row<"cmo_brand_profiles"> = {
  ...saved,
  id: "0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e3f10",
  brand_name: "Harbor Ledger",
  tagline: "Calm books for busy hosts",
  mission_statement: "Give small hotels the clear numbers that chains have.",
  brand_voice: "Clear, warm, dry-humoured",
  brand_tone: "Friendly expert",
  brand_personality: ["clear", "warm", "dependable"],
  core_values: ["clarity", "fairness"],
  brand_colors: { primary: "#0f4c5c", secondary: "#f2e8cf" },
  brand_fonts: {},
  logo_url: null,
  website_url: "https://harbor-ledger.example",
  industry: "Hospitality software",
  competitors: [{ name: "Spreadsheets", notes: "Free, and known to everybody" }],
  unique_value_proposition: "Tomorrow's cash of a small hotel, known today.",
  key_differentiators: ["Connects to booking systems in an hour"],
  messaging_pillars: ["Know before you owe", "An hour a week, not a day"],
  content_themes: ["Cash flow through the seasons"],
};

const primarySegment: Row<"cmo_icp_segments"> = {
  ...saved,
  id: "0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e3f11",
  segment_name: "Independent hotel owners",
  segment_code: null,
  segment_description: "Own and run one hotel of 10 to 40 rooms.",
  company_size: "5–25 people",
  demographics: {},
  psychographics: {},
  pain_points: ["Winter gaps in cash", "Evenings lost to spreadsheets", "Late surprises"],
  goals: ["Pay suppliers on time", "Plan the renovation", "Sleep in January"],
  buying_triggers: ["A tight winter", "A new bookkeeper"],
  objections: ["No time to set it up", "My accountant does that"],
  preferred_channels: ["email", "linkedin"],
  content_preferences: { format: "Short guides", tone: "Practical" },
  budget_range: { min: 40, max: 120, currency: "EUR" },
  decision_criteria: ["Set up in a day"],
  industry_verticals: ["Hotels"],
  job_titles: ["Owner", "General manager"],
  is_primary: true,
  is_active: true,
  priority_score: 90,
};

const secondSegment: Row<"cmo_icp_segments"> = {
  ...primarySegment,
  id: "0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e3f12",
  segment_name: "Small hotel groups",
  segment_description: "Two to six houses under one owner.",
  is_primary: false,
  priority_score: 60,
};

const offer: Row<"cmo_offers"> = {
  ...saved,
  id: "0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e3f13",
  offer_name: "Harbor Ledger Pro",
  offer_type: "subscription",
  description: "Cash-flow forecast from bookings and bills.",
  key_benefits: ["See 90 days ahead", "Warnings before a gap"],
  features: ["Booking connection", "Bill reader"],
  pricing_model: "Monthly, per house",
  price_range: { min: 59, max: 99, currency: "EUR" },
  target_segments: ["Independent hotel owners"],
  use_cases: ["Planning the winter"],
  success_metrics: ["Days of cash known ahead"],
  testimonials: [],
  case_studies: [],
  competitive_positioning: null,
  launch_date: null,
  status: "active",
  is_flagship: true,
  landing_page_url: null,
  demo_url: null,
};

const plan: Row<"cmo_marketing_plans"> = {
  ...saved,
  id: SAMPLE_IDS.plan,
  plan_name: "Spring of clear numbers",
  plan_type: "90-day",
  status: "active",
  start_date: "2026-02-01",
  end_date: "2026-05-02",
  executive_summary: "Win hotel owners before the season.",
  primary_objectives: [{ objective: "Qualified leads", goal: 120, priority: "high" }],
  key_metrics: [{ metric_name: "Trials", current_value: 10, target_value: 60 }],
  budget_allocation: { total_budget: 12000, currency: "EUR" },
  month_1_plan: {},
  month_2_plan: {},
  month_3_plan: {},
  channel_mix: [{ channel: "email", role: "Nurture", budget_percentage: 40 }],
  content_calendar_outline: [],
  campaign_themes: [],
  resource_requirements: [],
  dependencies: [],
  risks_mitigations: [],
  target_icp_segments: ["Independent hotel owners"],
  target_offers: ["Harbor Ledger Pro"],
  generation_context: {},
};

const funnel: Row<"cmo_funnels"> = {
  ...saved,
  id: SAMPLE_IDS.funnel,
  plan_id: SAMPLE_IDS.plan,
  funnel_name: "From worry to trial",
  funnel_type: "marketing",
  description: null,
  target_icp_segments: ["Independent hotel owners"],
  target_offers: ["Harbor Ledger Pro"],
  total_budget: 8000,
  expected_conversion_rate: 0.004,
  expected_revenue: 24000,
  status: "active",
};

const stage: Row<"cmo_funnel_stages"> = {
  ...saved,
  id: SAMPLE_IDS.stage,
  funnel_id: SAMPLE_IDS.funnel,
  stage_name: "Sees the winter gap",
  stage_type: "awareness",
  stage_order: 1,
  description: null,
  objective: "Name the problem",
  kpis: [{ metric: "Visits", target: 6000, measurement: "weekly" }],
  campaign_types: [],
  channels: ["linkedin"],
  content_assets: [],
  target_icps: ["Independent hotel owners"],
  linked_offers: ["Harbor Ledger Pro"],
  entry_criteria: null,
  exit_criteria: null,
  expected_volume: 6000,
  conversion_rate_target: 0.04,
  budget_allocation: 3000,
};

const campaign: Row<"cmo_campaigns"> = {
  ...saved,
  id: SAMPLE_IDS.campaign,
  funnel_id: SAMPLE_IDS.funnel,
  plan_id: SAMPLE_IDS.plan,
  campaign_name: "The January letter",
  campaign_type: "lead_gen",
  objective: "Sign-ups for the winter guide",
  description: null,
  target_icp: "Small hotel groups",
  target_offer: "Harbor Ledger Pro",
  funnel_stage: "awareness",
  start_date: "2026-02-05",
  end_date: "2026-03-20",
  budget_allocation: 3000,
  primary_kpi: { metric: "Sign-ups", target: 150 },
  secondary_kpis: [],
  success_criteria: null,
  status: "active",
  goal: "leads",
  autopilot_enabled: false,
  last_optimization_at: null,
  last_optimization_note: null,
  target_segment_codes: [],
  target_tags: null,
};

const quietCampaign: Row<"cmo_campaigns"> = {
  ...campaign,
  id: SAMPLE_IDS.quietCampaign,
  campaign_name: "Spring webinar",
  status: "draft",
  updated_at: "2026-02-10T09:00:00+00:00",
};

/** A channel of the running campaign. The sample itself has none. */
export function sampleChannel(
  id: string,
  name: string,
  budget: number,
): Row<"cmo_campaign_channels"> {
  return {
    ...saved,
    id,
    campaign_id: SAMPLE_IDS.campaign,
    channel_name: name,
    channel_type: "owned",
    priority: "primary",
    budget_percentage: budget,
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
  };
}

function snapshot(date: string, numbers: { clicks: number; cost: number; revenue: number }) {
  return {
    ...owned,
    id: `0b8d7c1e-3f52-4a51-9a3a-${date.replaceAll("-", "")}0000`,
    campaign_id: SAMPLE_IDS.campaign,
    channel_id: null,
    snapshot_date: date,
    metric_type: "daily",
    impressions: 4000,
    conversions: 5,
    engagement_rate: 0,
    conversion_rate: 0,
    roi: 0,
    custom_metrics: {},
    data_mode: "live",
    ...numbers,
  } satisfies Row<"cmo_metrics_snapshots">;
}

export const SAMPLE_ROWS: SampleRows = {
  cmo_brand_profiles: [brand],
  cmo_icp_segments: [secondSegment, primarySegment],
  cmo_offers: [offer],
  cmo_marketing_plans: [plan],
  cmo_funnels: [funnel],
  cmo_funnel_stages: [stage],
  cmo_campaigns: [quietCampaign, campaign],
  cmo_metrics_snapshots: [
    snapshot("2026-01-15", { clicks: 200, cost: 150, revenue: 900 }),
    snapshot("2026-02-10", { clicks: 100, cost: 120.5, revenue: 300 }),
    snapshot("2026-02-11", { clicks: 60, cost: 99.5, revenue: 0 }),
  ],
};

/** The sample with a funnel of `count` stages: `Stage 1`, `Stage 2` and so on, in order. */
export function withStages(count: number): typeof SAMPLE_ROWS {
  const [stage] = SAMPLE_ROWS.cmo_funnel_stages ?? [];
  if (!stage) throw new Error("The sample has no stage.");
  const cmo_funnel_stages = Array.from({ length: count }, (_, i) => ({
    ...stage,
    id: stageId(i + 1),
    stage_name: `Stage ${i + 1}`,
    stage_order: i + 1,
  }));
  return { ...SAMPLE_ROWS, cmo_funnel_stages };
}

export function stageId(order: number): string {
  return `0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e${3000 + order}`;
}
