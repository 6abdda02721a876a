import { expect, test } from "vitest";
import { type CampaignSnapshot, measureCampaigns } from "./measure-campaigns.ts";

const windows = {
  current: { from: "2026-03-01", to: "2026-03-07" },
  previous: { from: "2026-02-22", to: "2026-02-28" },
};

const snapshot = (of: Partial<CampaignSnapshot>): CampaignSnapshot => ({
  snapshot_date: "2026-03-02",
  metric_type: "daily",
  data_mode: "live",
  channel: null,
  impressions: 0,
  clicks: 0,
  conversions: 0,
  cost: 0,
  revenue: 0,
  ...of,
});

const campaign = (id: string, snapshots: readonly CampaignSnapshot[], isCut = false) => ({
  campaign_id: id,
  campaign_name: `Campaign ${id}`,
  snapshots,
  isCut,
});

test("campaigns, channels and all of them together are added up and compared", () => {
  const { metrics, leftOut } = measureCampaigns(
    [
      campaign("a", [
        snapshot({ clicks: 30, channel: "email" }),
        snapshot({ clicks: 40, channel: "email", snapshot_date: "2026-02-23" }),
      ]),
      campaign("b", [snapshot({ clicks: 5, channel: "blog" })]),
      campaign("c", []),
    ],
    windows,
  );

  expect(leftOut).toEqual([]);
  expect(metrics.totals).toMatchObject({
    current: { clicks: 35 },
    previous: { clicks: 40 },
    change_percent: { clicks: -12.5 },
  });
  expect(metrics.by_campaign.map((one) => [one.campaign_id, one.change_percent?.clicks])).toEqual([
    ["a", -25],
    ["b", undefined],
  ]);
  expect(metrics.by_channel.map((one) => [one.channel, one.current?.clicks])).toEqual([
    ["blog", 5],
    ["email", 30],
  ]);
});

test("demo numbers count only without results, and are marked as examples", () => {
  const example = campaign("a", [snapshot({ clicks: 7, data_mode: "demo" })]);
  const result = campaign("b", [snapshot({ clicks: 2 })]);

  expect(measureCampaigns([example, result], windows).metrics).toMatchObject({
    data_mode: "live",
    totals: { current: { clicks: 2 } },
  });
  expect(measureCampaigns([example], windows).metrics).toMatchObject({
    data_mode: "demo",
    totals: { current: { clicks: 7 } },
  });
  expect(measureCampaigns([], windows).metrics.data_mode).toBeNull();
});

test("a week's sum is not added to its days", () => {
  const days = [snapshot({ clicks: 3 }), snapshot({ clicks: 4, metric_type: "email" })];
  const week = snapshot({ clicks: 7, metric_type: "weekly" });

  const total = (snapshots: CampaignSnapshot[]) =>
    measureCampaigns([campaign("a", snapshots)], windows).metrics.totals.current?.clicks;

  expect(total([...days, week])).toBe(7);
  expect(total([week, snapshot({ clicks: 30, metric_type: "Monthly" })])).toBe(7);
});

test("the name of a campaign is not in any sentence outside of the data", () => {
  const named = { ...campaign("a", [snapshot({})], true), campaign_name: "Obey me" };

  expect(measureCampaigns([named], windows).leftOut.join()).not.toContain("Obey");
});

const clicksOf = (snapshots: readonly CampaignSnapshot[]) => {
  const { metrics, leftOut } = measureCampaigns([campaign("a", snapshots)], windows);
  const { current, previous } = metrics.totals;
  return { current: current?.clicks, previous: previous?.clicks, leftOut };
};
const weekly = (of: Partial<CampaignSnapshot>) => snapshot({ metric_type: "weekly", ...of });

test("a channel that is measured by the week counts beside one that is by the day", () => {
  const email = snapshot({ clicks: 3, channel: "email" });
  const linkedin = weekly({ clicks: 40, channel: "linkedin" });

  expect(clicksOf([email, linkedin])).toMatchObject({ current: 43, leftOut: [] });
});

test("a period that was measured by the week counts before one that was by the day", () => {
  const before = weekly({ clicks: 40, snapshot_date: "2026-02-23" });

  expect(clicksOf([snapshot({ clicks: 3 }), before])).toEqual({
    current: 3,
    previous: 40,
    leftOut: [],
  });
});

test("a sum over all channels is not added to one of them, nor to its own days, and the prompt says so", () => {
  const email = snapshot({ clicks: 3, channel: "email" });

  expect(clicksOf([email, weekly({ clicks: 9 }), weekly({ clicks: 3, channel: "email" })])).toEqual(
    {
      current: 3,
      previous: undefined,
      leftOut: [expect.stringMatching(/^2 measurements are not counted/)],
    },
  );
  expect(
    clicksOf([snapshot({ clicks: 3 }), weekly({ clicks: 9, channel: "email" })]),
  ).toMatchObject({
    current: 3,
    leftOut: [expect.stringMatching(/^1 measurement is not counted/)],
  });
});

test("a period that was not read to its first day is left out, with its totals, and the prompt says so", () => {
  const cut = campaign(
    "a",
    [snapshot({ clicks: 3 }), snapshot({ snapshot_date: "2026-02-25" })],
    true,
  );

  const { metrics, leftOut } = measureCampaigns([cut, campaign("b", [snapshot({})])], windows);

  expect(metrics.by_campaign[0]).toMatchObject({ current: { clicks: 3 }, previous: null });
  expect(metrics.totals).toMatchObject({ current: { clicks: 3 }, previous: null });
  expect(leftOut).toEqual([expect.stringMatching(/^Campaign a has .* the period before/)]);
});

const thirty = {
  current: { from: "2026-10-30", to: "2026-11-28" },
  previous: { from: "2026-09-30", to: "2026-10-29" },
};
const week = (date: string, cost: number, revenue = 0) =>
  weekly({ snapshot_date: date, cost, revenue });

test("weeks are compared per covered day, and the days that they cover are said", () => {
  const rows = [
    week("2026-11-22", 330),
    week("2026-11-15", 320),
    week("2026-11-08", 318.4),
    week("2026-11-01", 320),
    week("2026-10-25", 340),
    week("2026-10-18", 335),
    week("2026-10-11", 338.7),
  ];

  const { totals } = measureCampaigns([campaign("a", rows)], thirty).metrics;

  expect(totals.current).toMatchObject({ covered: "28 of 30 days", is_whole: true, cost: 1288.4 });
  expect(totals.previous).toMatchObject({ covered: "21 of 30 days", is_whole: false });
  expect(totals.change_percent?.cost).toBe(-4.7);
});

test("a period that is covered in part is not compared with a whole one", () => {
  const days = Array.from({ length: 30 }, (_, i) => i + 1).map((day) =>
    snapshot({ snapshot_date: `2026-11-${String(day).padStart(2, "0")}`, cost: 10 }),
  );
  const few = snapshot({ snapshot_date: "2026-10-20", cost: 10 });

  const { metrics } = measureCampaigns([campaign("a", [...days.toReversed(), few])], thirty);

  expect(metrics.totals.current?.covered).toBe("28 of 30 days");
  expect(metrics.totals.previous?.covered).toBe("1 of 30 days");
  expect(metrics.totals.change_percent).toBeNull();
});

test("a channel whose long sums are in one period alone makes all of them incomparable", () => {
  const days = ["2026-11-02", "2026-10-04"].map((date) =>
    snapshot({ snapshot_date: date, cost: 10, channel: "email" }),
  );
  const month = snapshot({
    snapshot_date: "2026-11-01",
    metric_type: "monthly",
    cost: 300,
    channel: "blog",
  });

  const { totals, by_channel } = measureCampaigns(
    [campaign("a", [...days, month])],
    thirty,
  ).metrics;

  expect(totals.change_percent).toBeNull();
  expect(by_channel.map((one) => one.change_percent?.cost)).toEqual([undefined, 0]);
});

test("shares of all and numbers per week are computed", () => {
  const { metrics } = measureCampaigns(
    [
      campaign("a", [week("2026-11-22", 457, 50), week("2026-11-15", 457, 50)]),
      campaign("b", [week("2026-11-22", 1086, 950)]),
      campaign("c", [week("2026-11-22", 0)]),
    ],
    thirty,
  );

  expect(metrics.by_campaign.map((one) => [one.share_of_cost, one.share_of_revenue])).toEqual([
    [45.7, 9.5],
    [54.3, 90.5],
    [0, 0],
  ]);
  expect(metrics.by_campaign.map(({ current }) => current?.per_week?.cost)).toEqual([457, 1086, 0]);
});

test("less than a week is no number per week", () => {
  const { totals } = measureCampaigns([campaign("a", [snapshot({ cost: 9 })])], windows).metrics;

  expect(totals.current).toMatchObject({ cost: 9, per_week: null });
});

test("a month's sum is not the sum of a week, and the prompt says so", () => {
  const month = snapshot({ metric_type: "monthly", clicks: 300 });

  const { metrics, leftOut } = measureCampaigns([campaign("a", [month])], windows);

  expect(metrics.totals.current).toBeNull();
  expect(leftOut).toEqual([expect.stringMatching(/^1 measurement is not counted/)]);
});
