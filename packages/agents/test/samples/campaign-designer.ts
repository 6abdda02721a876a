/** A campaign as a model might answer it for the sample workspace, for tests. */
import type { CampaignDesignerOutput } from "../../src/campaign-designer/schema.ts";

const OWNERS = "Independent hotel owners";

export const sampleCampaign: CampaignDesignerOutput = {
  campaign: {
    campaign_name: "The hour a week",
    campaign_type: "lead_gen",
    objective: "150 sign-ups for the guide",
    description:
      "Shows owners what an hour a week of clear numbers does. The budget is a proposal.",
    target_icp: OWNERS,
    target_offer: "Harbor Ledger Pro",
    funnel_stage: "awareness",
    start_date: "2026-03-09",
    end_date: "2026-04-19",
    budget_allocation: 2400,
    primary_kpi: { metric: "Sign-ups", target: 150, measurement: "weekly" },
    secondary_kpis: [{ metric: "Cost per sign-up", target: 16 }],
    success_criteria: "Scale above 25 sign-ups a week, stop below 8.",
  },
  channels: [
    {
      channel_name: "LinkedIn",
      channel_type: "paid",
      priority: "primary",
      budget_percentage: 70,
      content_types: [
        {
          type: "post",
          quantity: 8,
          description: "Short stories of owners",
          cta: "Read the guide",
        },
      ],
      posting_frequency: "Twice a week",
      targeting_notes: "Owners of hotels up to 40 rooms",
      expected_metrics: { reach: 20000, engagement_rate: 0.02, conversion_rate: 0.03 },
    },
    {
      channel_name: "E-mail",
      channel_type: "owned",
      priority: "secondary",
      budget_percentage: 30,
      content_types: [
        { type: "email", quantity: 4, description: "A letter a week", cta: "Start a trial" },
      ],
      posting_frequency: "Weekly",
      targeting_notes: "Readers of the winter guide",
      expected_metrics: { reach: 900, engagement_rate: 0.22, conversion_rate: 0.02 },
    },
  ],
  content_outline: [
    {
      content_id: "C1",
      title: "The hour that saves a day",
      content_type: "ebook",
      channel: "LinkedIn",
      funnel_stage: "awareness",
      target_icp: OWNERS,
      key_message: "An hour a week is enough",
      supporting_points: ["Three numbers matter", "They can be read together"],
      cta: "Get the guide",
      tone: "Friendly expert",
      estimated_production_time: "3 days",
      dependencies: [],
      publish_date: "2026-03-09",
    },
    {
      content_id: "C2",
      title: "Your first hour",
      content_type: "email",
      channel: "E-mail",
      funnel_stage: "consideration",
      target_icp: OWNERS,
      key_message: "Begin with tomorrow's cash",
      supporting_points: ["Connect the bookings"],
      cta: "Start a trial",
      tone: "Warm",
      estimated_production_time: "4 hours",
      dependencies: ["C1"],
      publish_date: "2026-03-16",
    },
  ],
  timeline: [
    {
      week: 1,
      phase: "Launch",
      activities: ["Publish the guide"],
      deliverables: ["Guide", "Landing page"],
      milestones: ["Campaign is live"],
    },
    ...[2, 3, 4, 5, 6].map((week) => ({
      week,
      phase: "Run",
      activities: ["One letter"],
      deliverables: ["Letter"],
      milestones: [],
    })),
  ],
  complementary_suggestions: [
    { campaign_type: "nurture", rationale: "Readers need a month to decide", synergy_score: 80 },
  ],
};
