import { expect, test } from "vitest";
import { SAMPLE_IDS, SAMPLE_ROWS } from "../marketing/sample-rows.ts";
import { sampleSource } from "../marketing/sample-source.ts";
import { aggregateMetrics } from "./aggregate-metrics.ts";
import { readOptimizationAnalystContext } from "./context.ts";
import { inputSchema } from "./schema.ts";

test("each campaign's numbers are added up for the period and for the one before it", async () => {
  const { metrics } = await readOptimizationAnalystContext(sampleSource(), inputSchema.parse({}));

  expect(metrics.current_period).toEqual({ from: "2026-02-01", to: "2026-03-02" });
  expect(metrics.previous_period).toEqual({ from: "2026-01-02", to: "2026-01-31" });
  const [measured, quiet] = metrics.by_campaign;
  expect(measured).toMatchObject({
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
    previous: { days_measured: 1, revenue: 900 },
  });
  expect(quiet).toMatchObject({ current: null, previous: null });
});

test("a period of a week looks at that week only", async () => {
  const input = inputSchema.parse({ period: "last_7_days" });

  const { metrics } = await readOptimizationAnalystContext(sampleSource(), input);

  expect(metrics.current_period).toEqual({ from: "2026-02-24", to: "2026-03-02" });
  expect(metrics.totals).toEqual({ current: null, previous: null });
});

test("an analysis needs no brand", async () => {
  const source = sampleSource({ ...SAMPLE_ROWS, cmo_brand_profiles: [] });

  const { brand } = await readOptimizationAnalystContext(source, inputSchema.parse({}));

  expect(brand).toBeNull();
});

test("a ratio whose divisor is zero is unknown, not zero", () => {
  const snapshot = {
    snapshot_date: "2026-03-01",
    impressions: null,
    clicks: 0,
    conversions: 0,
    cost: 10,
    revenue: 0,
  };

  expect(aggregateMetrics([snapshot], { from: "2026-03-01", to: "2026-03-01" })).toMatchObject({
    impressions: 0,
    ctr: null,
    conversion_rate: null,
    cost_per_conversion: null,
    roas: 0,
  });
});
