import { expect, test } from "vitest";
import { type CampaignSnapshot, measureCampaigns } from "../marketing/metrics/measure-campaigns.ts";
import { findSignals, severityOf } from "./find-signals.ts";

const windows = {
  current: { from: "2026-03-01", to: "2026-03-07" },
  previous: { from: "2026-02-22", to: "2026-02-28" },
};

function campaign(
  campaign_id: string,
  before: Partial<CampaignSnapshot>,
  now: Partial<CampaignSnapshot>,
) {
  const snapshot = (snapshot_date: string, of: Partial<CampaignSnapshot>): CampaignSnapshot => ({
    snapshot_date,
    metric_type: "weekly",
    data_mode: "live",
    channel: null,
    impressions: 0,
    clicks: 0,
    conversions: 0,
    cost: 0,
    revenue: 0,
    ...of,
  });
  const snapshots = [snapshot("2026-03-02", now), snapshot("2026-02-23", before)];
  return { campaign_id, campaign_name: campaign_id, snapshots, isCut: false };
}

const signalsOf = (...campaigns: Parameters<typeof measureCampaigns>[0]) =>
  findSignals(measureCampaigns(campaigns, windows).metrics).map((signal) => [
    signal.campaign_id,
    signal.metric,
    signal.change_percent,
    signal.severity,
  ]);

test("falls are ordered by severity, the most severe first", () => {
  const mild = campaign("mild", { clicks: 100 }, { clicks: 70 });
  const grave = campaign("grave", { conversions: 90 }, { conversions: 30 });
  const well = campaign("well", { clicks: 100 }, { clicks: 80 });

  expect(signalsOf(mild, grave, well)).toEqual([
    ["grave", "conversions", -66.7, "critical"],
    ["mild", "clicks", -30, "warning"],
  ]);
});

test("a fall with few events is no signal", () => {
  expect(signalsOf(campaign("few", { conversions: 29 }, { conversions: 2 }))).toEqual([]);
});

test("a period that is covered in part shows no signal", () => {
  const part = { metric_type: "daily" };
  const grave = campaign("grave", { conversions: 90, ...part }, { conversions: 30, ...part });
  const waste = campaign("waste", {}, { clicks: 90, cost: 5, ...part });

  expect(signalsOf(grave, waste)).toEqual([]);
});

test("costs with many clicks and no conversion are a signal", () => {
  const paid = { clicks: 30, cost: 5 };

  expect(signalsOf(campaign("paid", {}, paid))).toEqual([["paid", "conversions", null, "warning"]]);
  expect(signalsOf(campaign("paid", {}, { ...paid, clicks: 29 }))).toEqual([]);
  expect(signalsOf(campaign("paid", {}, { ...paid, cost: 0 }))).toEqual([]);
});

test("half is a warning, more than half is critical, less than a quarter neither", () => {
  expect([-50.1, -50, -25, -24.9, 300].map(severityOf)).toEqual([
    "critical",
    "warning",
    "warning",
    "info",
    "info",
  ]);
});
