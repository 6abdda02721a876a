import { agentCatalog } from "@cmo/agents/catalog";
import { AGENT_OF_MODE, type AgentName, RUN_MODES } from "@cmo/shared/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyBlocks } from "../../test/test-blocks.ts";
import { type Blocks, FULL_BLOCKS, newPrompt } from "../../test/test-prompt.ts";
import { answerTo } from "./answer-to.ts";

const TODAY = "2026-11-23";
const DEMO = "(Demo answer: written by a script, not by a model.)";
const AGENTS = RUN_MODES.filter((mode) => mode !== "setup").map((mode) => AGENT_OF_MODE[mode]);
const CAMPAIGN_ID = "7f0a2f9e-4f1c-4f0e-9d51-0d2f3c1b2a90";

/** Parses an answer as the kernel does. Throws the problems of the answer. */
function accept(agent: AgentName, answer: string): unknown {
  const card = agentCatalog.find(({ name }) => name === agent);
  if (!card) throw new Error(`${agent} is not in the catalogue.`);
  return card.output.parse(JSON.parse(answer));
}

const measured = {
  campaigns: [{ id: CAMPAIGN_ID, campaign_name: "Herbst", campaign_type: "lead_gen" }],
  metrics: {
    period: "last_30_days",
    by_campaign: [
      {
        campaign_id: CAMPAIGN_ID,
        current: { conversions: 10, cost: 500, revenue: 900, clicks: 400, impressions: 9000 },
        previous: { conversions: 25, cost: 480 },
        change_percent: { conversions: -60 },
      },
    ],
    data_mode: "demo",
    signals: [{ campaign_id: CAMPAIGN_ID, metric: "conversions", severity: "critical" }],
  },
};

const SETS = {
  "everything described": FULL_BLOCKS,
  "an empty brand": { ...FULL_BLOCKS, brand: {} },
  "no segments and no offers": { ...FULL_BLOCKS, segments: [], offers: [] },
  "no data at all": {},
  "a plan, a funnel and numbers": {
    ...FULL_BLOCKS,
    ...measured,
    plan: {
      id: "p",
      plan_name: "Plan",
      start_date: "2027-01-04",
      budget_allocation: { total_budget: 12_345.67, currency: "CHF" },
      target_icp_segments: ["Büroteams"],
    },
    stages: [
      {
        id: "s1",
        stage_name: "Start",
        stage_type: "advocacy",
        channels: ["Messe"],
        budget_allocation: 700,
      },
    ],
    campaign: { campaign_name: "Herbst" },
    request: {
      today: TODAY,
      start_date: "2026-12-01",
      end_date: "2027-03-01",
      budget: 20_000,
      primaryGoal: "Doppelt so viele Schulen",
      constraints: { channels: ["Messe", "Brief"] },
      targetMetrics: { revenue: 100_000, " ": "many" },
      focusAreas: ["Product Launch"],
      funnelType: "product",
      campaignGoal: "reactivation",
      stage_id: "s1",
      channels: ["Newsletter", "X", "Google Ads", "Landing page", "YouTube", "Instagram"],
      preferences: { budgetNotes: "about 500" },
      ctaIntent: "refer",
      funnel_stage: "advocacy",
      contentTypes: ["Case study"],
      prompt: "Bitte freundlich",
    },
  },
} satisfies Record<string, Blocks>;

describe.each(AGENTS)("%s", (agent) => {
  test.each(Object.entries(SETS))(
    "answers validly with %s, and says that it is a demo",
    (_, blocks) => {
      const answer = answerTo(newPrompt(agent, blocks), TODAY);
      accept(agent, answer);
      expect(answer).toContain(DEMO);
    },
  );

  test("answers validly whatever the workspace holds", () => {
    fc.assert(
      fc.property(anyBlocks(), (blocks) => {
        accept(agent, answerTo(newPrompt(agent, blocks), TODAY));
      }),
      { numRuns: 40 },
    );
  });

  test("answers the same to the same, and otherwise to another workspace", () => {
    const answer = answerTo(newPrompt(agent, FULL_BLOCKS), TODAY);
    expect(answerTo(newPrompt(agent, FULL_BLOCKS), TODAY)).toBe(answer);
    const other = { ...FULL_BLOCKS, brand: { brand_name: "Lichthaus" }, segments: [], offers: [] };
    expect(answerTo(newPrompt(agent, other), TODAY)).not.toBe(answer);
  });
});

describe("the plan", () => {
  const blocks = SETS["a plan, a funnel and numbers"];
  const plan = JSON.parse(answerTo(newPrompt("cmo-plan-90day", blocks), TODAY));

  test("keeps to the asked days, money, channels and goal", () => {
    expect(plan).toMatchObject({ start_date: "2026-12-01", end_date: "2027-03-01" });
    expect(plan.budget_allocation).toMatchObject({ total_budget: 20_000, currency: "CHF" });
    expect(plan.channel_mix.map(({ channel }: { channel: string }) => channel)).toEqual([
      "Messe",
      "Brief",
    ]);
    expect(plan.executive_summary).toContain("Doppelt so viele Schulen");
    expect(plan.target_icp_segments).toEqual(["Schulküchen 🍲", "Büroteams"]);
  });

  test("adds up, and its milestones come in order within the 90 days", () => {
    const { breakdown } = plan.budget_allocation;
    expect(sumOf(breakdown, "amount")).toBe(20_000);
    expect(sumOf(breakdown, "percentage")).toBe(100);
    expect(sumOf(plan.channel_mix, "budget_percentage")).toBe(100);
    const months = [plan.month_1_plan, plan.month_2_plan, plan.month_3_plan];
    expect(
      sumOf(
        months.flatMap(({ campaigns }) => campaigns),
        "budget",
      ),
    ).toBe(20_000);
    const dates: string[] = plan.milestones.map((one: { target_date: string }) => one.target_date);
    expect(dates).toEqual(dates.toSorted());
    expect(dates.every((date) => date >= plan.start_date && date <= plan.end_date)).toBe(true);
  });
});

describe("the funnel", () => {
  test.each(["marketing", "sales", "product"])(
    "of type %s flows from stage to stage",
    (funnelType) => {
      const blocks = { ...FULL_BLOCKS, request: { today: TODAY, funnelType } };
      const { funnel, stages } = JSON.parse(
        answerTo(newPrompt("cmo-funnel-architect", blocks), TODAY),
      );
      expect(funnel.funnel_type).toBe(funnelType);
      expect(sumOf(stages, "budget_allocation")).toBe(funnel.total_budget);
      stages.slice(1).forEach((stage: { expected_volume: number }, i: number) => {
        const { expected_volume, conversion_rate_target } = stages[i];
        expect(stage.expected_volume).toBe(Math.round(expected_volume * conversion_rate_target));
      });
      const paying = stages.findIndex(
        (one: { stage_type: string }) => one.stage_type === "conversion",
      );
      const { expected_volume, conversion_rate_target } = stages[paying];
      // The middle of the flagship's price range.
      expect(funnel.expected_revenue).toBe(
        Math.round(expected_volume * conversion_rate_target) * 300,
      );
    },
  );
});

describe("the campaign", () => {
  test("publishes within its dates, and its shares sum to 100", () => {
    const { campaign, channels, content_outline } = JSON.parse(
      answerTo(newPrompt("cmo-campaign-designer", FULL_BLOCKS), TODAY),
    );
    expect(sumOf(channels, "budget_percentage")).toBe(100);
    expect(campaign.start_date > TODAY).toBe(true);
    for (const { publish_date } of content_outline) {
      expect(publish_date >= campaign.start_date && publish_date <= campaign.end_date).toBe(true);
    }
  });
});

describe("the content", () => {
  test("has two variants for each asked channel, within the lengths that platforms allow", () => {
    const blocks = SETS["a plan, a funnel and numbers"];
    const { assets } = JSON.parse(answerTo(newPrompt("cmo-content-engine", blocks), TODAY));
    const ids = assets.map(({ asset_id }: { asset_id: string }) => asset_id);
    expect(ids).toHaveLength(12);
    expect(new Set(ids).size).toBe(12);
    for (const { channel, body } of assets) {
      if (channel === "twitter") expect(body.length).toBeLessThanOrEqual(280);
    }
  });
});

describe("the analysis", () => {
  test("names the campaign by its id, and calls a fall by more than half critical", () => {
    const blocks = { ...FULL_BLOCKS, ...measured };
    const answer = answerTo(newPrompt("cmo-optimization-analyst", blocks), TODAY);
    const { analysis_summary, recommendations } = JSON.parse(answer);
    expect(analysis_summary).toMatchObject({ overall_health: "critical", analysis_date: TODAY });
    expect(recommendations[0]).toMatchObject({ source_id: CAMPAIGN_ID, severity: "critical" });
  });
});

function sumOf(items: readonly Record<string, unknown>[], member: string): number {
  return items.reduce((sum, item) => sum + Number(item[member]), 0);
}
