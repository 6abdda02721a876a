import type { Row } from "@cmo/shared/db";
import { expect, test } from "vitest";
import { SAMPLE_IDS, SAMPLE_ROWS, sampleChannel } from "../../../test/sample-rows.ts";
import { sampleSource } from "../../../test/sample-source.ts";
import { windowsOf } from "../metrics/period.ts";
import { type CampaignScope, readCampaigns, SNAPSHOTS_READ } from "./read-campaigns.ts";

const [quiet, running] = SAMPLE_ROWS.cmo_campaigns ?? [];
if (!quiet || !running) throw new Error("The sample has two campaigns.");

const scope: CampaignScope = {
  windows: windowsOf("last_30_days", "2026-03-02"),
  funnelId: undefined,
  planId: undefined,
  room: { items: 25, characters: 20_000 },
};

const campaign = (id: string, own: Partial<Row<"cmo_campaigns">>) => ({
  ...quiet,
  id,
  campaign_name: id,
  plan_id: null,
  funnel_id: null,
  ...own,
});

const read = (rows: Partial<typeof SAMPLE_ROWS>, asked: Partial<CampaignScope> = {}) =>
  readCampaigns(sampleSource({ ...SAMPLE_ROWS, ...rows }).db, { ...scope, ...asked });

test("campaigns of the named funnel come first, then the plan's, those that run, the newest", async () => {
  const cmo_campaigns = [
    campaign("old", { updated_at: "2026-01-01T00:00:00+00:00" }),
    campaign("new", { updated_at: "2026-02-28T00:00:00+00:00" }),
    campaign("runs", { status: "active" }),
    campaign("planned", { plan_id: SAMPLE_IDS.plan }),
    campaign("funnelled", { funnel_id: SAMPLE_IDS.funnel }),
  ];
  const named = { planId: SAMPLE_IDS.plan, funnelId: SAMPLE_IDS.funnel };

  const { campaigns, leftOut } = await read({ cmo_campaigns }, named);
  const few = await read({ cmo_campaigns }, { ...named, room: { items: 3, characters: 20_000 } });

  const ids = campaigns.map(({ id }) => id);
  expect(ids).toEqual(["funnelled", "planned", "runs", "new", "old"]);
  expect(leftOut).toEqual([]);
  expect(few.campaigns.map(({ id }) => id)).toEqual(ids.slice(0, 3));
  expect(few.leftOut).toEqual([expect.stringContaining("2 further campaigns")]);
});

test("each campaign has its channels, the greatest first, and their numbers under their names", async () => {
  const [first, second, third] = SAMPLE_ROWS.cmo_metrics_snapshots ?? [];
  if (!first || !second || !third) throw new Error("The sample has three snapshots.");

  const { campaigns, metrics } = await read({
    cmo_campaign_channels: [sampleChannel("c1", "E-mail", 30), sampleChannel("c2", "LinkedIn", 70)],
    cmo_metrics_snapshots: [first, { ...second, channel_id: "c1" }, { ...third, channel_id: "c2" }],
  });

  expect(campaigns[0]?.channels.map(({ channel_name }) => channel_name)).toEqual([
    "LinkedIn",
    "E-mail",
  ]);
  expect(metrics.by_channel.map((one) => [one.channel, one.current?.clicks])).toEqual([
    ["email", 100],
    ["linkedin", 60],
  ]);
});

test("the measurements of a campaign with one channel belong to that channel", async () => {
  const one = await read({ cmo_campaign_channels: [sampleChannel("c1", "E-mail", 100)] });
  const none = await read({});

  expect(one.metrics.by_channel).toMatchObject([{ channel: "email", current: { clicks: 160 } }]);
  expect(none.metrics.by_channel).toEqual([]);
});

test("days after the period do not count, and no more than so many snapshots are read", async () => {
  const [snapshot] = SAMPLE_ROWS.cmo_metrics_snapshots ?? [];
  if (!snapshot) throw new Error("The sample has snapshots.");
  const many = Array.from({ length: SNAPSHOTS_READ + 50 }, (_, i) => ({
    ...snapshot,
    id: `s${i}`,
    metric_type: `kind ${i}`,
    snapshot_date: "2026-02-10",
    clicks: 1,
  }));
  const past = { windows: windowsOf({ from: "2026-01-10", to: "2026-01-20" }, "2026-03-02") };

  const { metrics, leftOut } = await read({ cmo_metrics_snapshots: many });
  const earlier = await read({}, past);

  expect(metrics.totals.current).toBeNull();
  expect(leftOut).toEqual([expect.stringContaining("more measurements than could be read")]);
  expect(earlier.metrics.totals).toMatchObject({ current: { clicks: 200 }, previous: null });
});

test("measurements without a campaign are not counted, and the prompt says so", async () => {
  const [first, second, third] = SAMPLE_ROWS.cmo_metrics_snapshots ?? [];
  if (!first || !second || !third) throw new Error("The sample has three snapshots.");
  const ofNone = { campaign_id: null, channel_id: null };

  const { metrics, leftOut } = await read({
    cmo_metrics_snapshots: [
      { ...first, ...ofNone, snapshot_date: "2025-01-15" },
      { ...second, ...ofNone },
      third,
    ],
  });

  expect(metrics.totals.current).toMatchObject({ clicks: third.clicks });
  expect(leftOut).toEqual([expect.stringMatching(/^1 measurement belongs to no campaign/)]);
});
