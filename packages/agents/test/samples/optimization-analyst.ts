/** An analysis as a model might answer it for the sample workspace, for tests. */

import type { OptimizationAnalystOutput } from "../../src/optimization-analyst/schema.ts";
import { SAMPLE_IDS } from "../sample-rows.ts";

export const sampleAnalysis: OptimizationAnalystOutput = {
  analysis_summary: {
    analysis_date: "2026-03-02",
    period_analyzed: "last_30_days",
    overall_health: "needs_attention",
    top_performer: {
      type: "campaign",
      name: "The January letter",
      key_metric: "Revenue by cost",
      value: 1.3636,
    },
    biggest_opportunity: { type: "campaign", name: "Spring webinar", potential_lift: "More leads" },
  },
  recommendations: [
    {
      recommendation_id: "R1",
      source_type: "campaign",
      source_id: SAMPLE_IDS.campaign,
      source_name: "The January letter",
      category: "performance",
      title: "Find out why revenue fell",
      description: "Revenue fell from 900 to 300 while cost rose; the target is the plan's.",
      severity: "warning",
      impact: "high",
      effort: "medium",
      priority_score: 32,
      metrics_affected: [
        {
          metric: "revenue",
          current_value: 300,
          target_value: 900,
          gap: 600,
          gap_percentage: 66.7,
        },
      ],
      suggested_actions: [
        {
          action: "Test another subject line",
          timeline: "This week",
          owner: "E-mail marketer",
          expected_outcome: "More openings",
        },
      ],
      supporting_data: {
        trend: "declining",
        comparison_period: "The 30 days before",
        benchmark_comparison: "below",
      },
    },
    {
      recommendation_id: "R2",
      source_type: "audience",
      source_id: null,
      source_name: "Independent hotel owners",
      category: "targeting",
      title: "Write to owners first",
      description: "The campaign speaks to groups, the plan to owners.",
      severity: "info",
      impact: "medium",
      effort: "low",
      priority_score: 17,
      metrics_affected: [],
      suggested_actions: [
        {
          action: "Choose owners as the segment of the webinar",
          timeline: "Before it is announced",
          owner: "Campaign lead",
          expected_outcome: "Guests who can buy",
        },
      ],
      supporting_data: null,
    },
  ],
  quick_wins: [
    {
      action: "Fix the subject line",
      expected_impact: "More openings",
      time_to_implement: "1 day",
    },
  ],
  next_steps: [
    {
      step: "Decide on the webinar",
      priority: 1,
      timeline: "This week",
      resources_needed: "One hour",
    },
  ],
};
