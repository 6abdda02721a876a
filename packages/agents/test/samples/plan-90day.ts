/** A plan as a model might answer it for the sample workspace, for tests. */
import type { Plan90DayAnswer } from "../../src/plan-90day/schema.ts";

const OWNERS = "Independent hotel owners";

const month = (theme: string, campaign: string, week: number) => ({
  theme,
  focus_areas: ["Lead generation"],
  campaigns: [
    {
      name: campaign,
      objective: "Win trials among hotel owners",
      channels: ["email", "linkedin"],
      target_icp: OWNERS,
      tactics: ["Weekly letter", "Two posts a week"],
      budget: 3000,
    },
  ],
  content_pieces: [
    {
      type: "guide",
      title: `${campaign}: the guide`,
      target_icp: OWNERS,
      goal: "Sign-ups",
      publish_week: week,
    },
  ],
  milestones: [`${campaign} is live`],
});

const checkpoint = (week: number, focus: string) => ({
  week,
  focus,
  deliverables: ["A page of numbers"],
  success_criteria: "The numbers of the week are written down",
});

const milestone = (
  label: string,
  target_date: string,
  target_value: number,
): Plan90DayAnswer["milestones"][number] => ({
  label,
  target_date,
  metric: "leads",
  target_value,
  funnel_action: "Sign up for the guide",
  channels: ["email"],
  dependencies: [],
});

export const samplePlan: Plan90DayAnswer = {
  plan_name: "Clear numbers by summer",
  executive_summary: "In 90 days, 150 hotel owners try Harbor Ledger Pro before the season.",
  start_date: "2026-03-02",
  end_date: "2026-05-31",
  primary_objectives: [
    {
      objective: "Fill the trial",
      target_metric: "Trials started",
      baseline: null,
      goal: 150,
      priority: "high",
    },
  ],
  key_metrics: [
    {
      metric_name: "Trials",
      current_value: null,
      target_value: 150,
      measurement_frequency: "weekly",
    },
  ],
  budget_allocation: {
    total_budget: 9000,
    currency: "EUR",
    breakdown: [
      { category: "Content", amount: 3600, percentage: 40 },
      { category: "Advertising", amount: 4500, percentage: 50 },
      { category: "Tests", amount: 900, percentage: 10 },
    ],
  },
  month_1_plan: month("Foundation and launch", "The winter review", 3),
  month_2_plan: month("Learning", "The hour a week", 6),
  month_3_plan: month("Scaling", "Ready for the season", 10),
  channel_mix: [
    {
      channel: "email",
      role: "Nurture",
      budget_percentage: 40,
      target_icps: [OWNERS],
      kpis: ["Opens"],
    },
    {
      channel: "linkedin",
      role: "Reach",
      budget_percentage: 60,
      target_icps: [OWNERS],
      kpis: ["Visits"],
    },
  ],
  campaign_themes: [
    {
      theme_name: "Know before you owe",
      description: "Cash that is known ahead",
      duration_weeks: 6,
      start_week: 3,
      target_icps: [OWNERS],
    },
  ],
  risks_mitigations: [
    {
      risk: "Owners are busy before the season",
      likelihood: "high",
      impact: "medium",
      mitigation: "Set-up calls of 20 minutes",
      trigger: "Fewer than 10 trials by the end of week 4",
    },
  ],
  target_icp_segments: [OWNERS],
  target_offers: ["Harbor Ledger Pro"],
  milestones: [
    milestone("Tracking stands", "2026-03-10", 0),
    milestone("First 10 leads", "2026-03-20", 10),
    milestone("Guide is out", "2026-03-27", 30),
    milestone("50 leads", "2026-04-08", 50),
    milestone("80 leads", "2026-04-18", 80),
    milestone("120 leads", "2026-04-30", 120),
    milestone("180 leads", "2026-05-15", 180),
    milestone("250 leads", "2026-05-29", 250),
  ],
  weekly_checkpoints: [
    checkpoint(1, "Tracking"),
    checkpoint(2, "Content in stock"),
    checkpoint(3, "Launch"),
    checkpoint(4, "First answers"),
    checkpoint(6, "What works"),
    checkpoint(8, "Better pages"),
    checkpoint(10, "More of the best"),
    checkpoint(12, "The season"),
  ],
};
