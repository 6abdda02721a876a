/** A funnel as a model might answer it for the sample workspace, for tests. */
import type { FunnelArchitectOutput } from "../../src/funnel-architect/schema.ts";

type Stage = FunnelArchitectOutput["stages"][number];

const OWNERS = "Independent hotel owners";
const PRO = "Harbor Ledger Pro";

const stage = (
  own: Pick<Stage, "stage_name" | "stage_type" | "stage_order" | "expected_volume"> &
    Pick<Stage, "conversion_rate_target" | "budget_allocation">,
): Stage => ({
  ...own,
  description: "One step on the way to calm books",
  objective: "Bring owners one step further",
  kpis: [
    { metric: "Visits", target: 6000, measurement: "weekly" },
    { metric: "Sign-ups", target: 240, measurement: "weekly" },
  ],
  campaign_types: [
    {
      type: "Content",
      description: "Guides on winter cash",
      estimated_cost: 1500,
      expected_results: "6000 visits",
    },
  ],
  channels: ["linkedin", "email"],
  content_assets: [
    { asset_type: "ebook", title: "The winter guide", purpose: "Sign-ups", target_icp: OWNERS },
  ],
  target_icps: [OWNERS],
  linked_offers: [PRO],
  entry_criteria: "Has visited the site",
  exit_criteria: "Has signed up for the guide",
});

export const sampleFunnel: FunnelArchitectOutput = {
  funnel: {
    funnel_name: "From worry to calm",
    funnel_type: "marketing",
    description: "Leads hotel owners from winter worries to a trial.",
    target_icp_segments: [OWNERS],
    target_offers: [PRO],
    total_budget: 8000,
    expected_conversion_rate: 0.0024,
    expected_revenue: 12000,
  },
  stages: [
    stage({
      stage_name: "Sees the gap",
      stage_type: "awareness",
      stage_order: 1,
      expected_volume: 6000,
      conversion_rate_target: 0.04,
      budget_allocation: 3000,
    }),
    stage({
      stage_name: "Reads the guide",
      stage_type: "consideration",
      stage_order: 2,
      expected_volume: 240,
      conversion_rate_target: 0.3,
      budget_allocation: 3000,
    }),
    stage({
      stage_name: "Starts a trial",
      stage_type: "conversion",
      stage_order: 3,
      expected_volume: 72,
      conversion_rate_target: 0.2,
      budget_allocation: 2000,
    }),
  ],
};
