import { expect, test } from "vitest";
import { SAMPLE_IDS, SAMPLE_ROWS, withStages } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { InputError } from "../agent/define-agent.ts";
import { readOptimizationAnalystContext } from "./context.ts";
import { optimizationPrompt } from "./prompt.ts";
import { inputSchema } from "./schema.ts";

const read = (input: object, rows = SAMPLE_ROWS) =>
  readOptimizationAnalystContext(sampleSource(rows), inputSchema.parse(input));

const userMessage = async (input: object, rows = SAMPLE_ROWS) => {
  const context = await read(input, rows);
  return optimizationPrompt(inputSchema.parse(input), context)[1]?.content ?? "";
};

test("each campaign's numbers are added up for the period and compared with the one before", async () => {
  const { metrics, campaigns } = await read({});

  expect(metrics).toMatchObject({
    period: "last_30_days",
    current_period: { from: "2026-02-01", to: "2026-03-02" },
    previous_period: { from: "2026-01-02", to: "2026-01-31" },
    data_mode: "live",
  });
  expect(campaigns.map(({ id }) => id)).toEqual([SAMPLE_IDS.campaign, SAMPLE_IDS.quietCampaign]);
  expect(metrics.by_campaign).toHaveLength(1);
  expect(metrics.by_campaign[0]).toMatchObject({
    campaign_id: SAMPLE_IDS.campaign,
    current: {
      days_measured: 2,
      impressions: 8000,
      clicks: 160,
      conversions: 10,
      cost: 220,
      revenue: 300,
      ctr: 0.02,
      conversion_rate: 0.0625,
      cost_per_conversion: 22,
      roas: 1.3636,
    },
    previous: { days_measured: 1, covered: "1 of 30 days", is_whole: false, revenue: 900 },
    // Two days are not compared with one.
    change_percent: null,
  });
});

test("the period decides which days count, by its name or by its dates", async () => {
  const week = await read({ period: "last_7_days" });
  const month = await read({ period: "last_month" });
  const range = await read({ period: { from: "2026-02-11", to: "2026-02-20" } });

  expect(week.metrics.totals.current).toBeNull();
  expect(month.metrics.totals).toMatchObject({
    current: { clicks: 160 },
    previous: { clicks: 200 },
  });
  expect(range.metrics).toMatchObject({
    period: "2026-02-11/2026-02-20",
    totals: { current: { clicks: 60 }, previous: { clicks: 100 } },
  });
});

test("a period that has not begun is refused", async () => {
  const future = { period: { from: "2026-03-03", to: "2026-03-09" } };

  await expect(read(future)).rejects.toThrow(InputError);
  await expect(read(future)).rejects.toThrow("period");
});

test("periods that end before they begin, or are endless, are refused", () => {
  for (const [from, to] of [
    ["2026-02-02", "2026-02-01"],
    ["2024-01-01", "2026-01-01"],
  ]) {
    expect(inputSchema.safeParse({ period: { from, to } }).success).toBe(false);
  }
});

test("a plan or a funnel is in the prompt with its ids, and its campaigns come first", async () => {
  const [quiet, running] = SAMPLE_ROWS.cmo_campaigns ?? [];
  if (!quiet || !running) throw new Error("The sample has two campaigns.");
  const rows = {
    ...SAMPLE_ROWS,
    cmo_campaigns: [quiet, { ...running, funnel_id: null, plan_id: null }],
  };
  const first = async (input: object) => (await read(input, rows)).campaigns[0]?.id;

  expect(await first({})).toBe(SAMPLE_IDS.campaign);
  expect(await first({ funnelId: SAMPLE_IDS.funnel })).toBe(SAMPLE_IDS.quietCampaign);
  expect(await first({ planId: SAMPLE_IDS.plan })).toBe(SAMPLE_IDS.quietCampaign);
  expect(await userMessage({ planId: SAMPLE_IDS.plan })).toContain("Spring of clear numbers");
  expect(await userMessage({ funnelId: SAMPLE_IDS.funnel })).toContain(SAMPLE_IDS.stage);
});

test("an analysis needs no brand", async () => {
  const { brand } = await read({}, { ...SAMPLE_ROWS, cmo_brand_profiles: [] });

  expect(brand).toBeNull();
});

test("campaigns beyond the prompt's room are counted in the prompt", async () => {
  const [quiet] = SAMPLE_ROWS.cmo_campaigns ?? [];
  if (!quiet) throw new Error("The sample has campaigns.");
  const cmo_campaigns = Array.from({ length: 40 }, (_, i) => ({ ...quiet, id: `campaign ${i}` }));

  expect(await userMessage({}, { ...SAMPLE_ROWS, cmo_campaigns })).toContain(
    "15 further campaigns are not shown, nor counted in the metrics",
  );
});

test("stages that do not fit into the prompt are noted as left out", async () => {
  const message = await userMessage({ funnelId: SAMPLE_IDS.funnel }, withStages(32));

  expect(message).toContain("2 further stages of the funnel are not shown");
});
