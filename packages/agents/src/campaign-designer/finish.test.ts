import { expect, test } from "vitest";
import { finishCampaign } from "./finish.ts";
import { sampleCampaign } from "./sample.ts";

const open = { goal: null };

test("a campaign that is right stays as it is, without a finding", () => {
  expect(finishCampaign(sampleCampaign, open)).toEqual({ output: sampleCampaign, findings: [] });
});

test("budget shares sum to 100, weeks stand in order", () => {
  const { output, findings } = finishCampaign(
    {
      ...sampleCampaign,
      channels: sampleCampaign.channels.map((channel) => ({ ...channel, budget_percentage: 80 })),
      timeline: sampleCampaign.timeline.toReversed(),
    },
    open,
  );

  expect(output.channels.map((channel) => channel.budget_percentage)).toEqual([50, 50]);
  expect(output.timeline).toEqual(sampleCampaign.timeline);
  expect(findings.map(({ path, fixed }) => [path, fixed])).toEqual([
    ["channels", true],
    ["timeline", true],
  ]);
});

test("the campaign is of the type that was asked for", () => {
  const { output, findings } = finishCampaign(sampleCampaign, { goal: "reactivation" });

  expect(output.campaign.campaign_type).toBe("reactivation");
  expect(findings).toMatchObject([{ path: "campaign.campaign_type", fixed: true }]);
});

test("content is published within the campaign", () => {
  const outside = ["2026-03-01", "2027-01-01", null];
  const content_outline = outside.flatMap((publish_date) =>
    sampleCampaign.content_outline.slice(0, 1).map((piece) => ({ ...piece, publish_date })),
  );

  const { output, findings } = finishCampaign({ ...sampleCampaign, content_outline }, open);

  const { start_date, end_date } = sampleCampaign.campaign;
  expect(output.content_outline.map((piece) => piece.publish_date)).toEqual([
    start_date,
    end_date,
    null,
  ]);
  expect(findings).toMatchObject([{ path: "content_outline", fixed: true }]);
});

test("a campaign that ends before it starts is told, and no date in it is touched", () => {
  const backwards = {
    ...sampleCampaign,
    campaign: { ...sampleCampaign.campaign, end_date: "2026-01-01" },
  };

  expect(finishCampaign(backwards, open)).toEqual({
    output: backwards,
    findings: [
      { kind: "date", path: "campaign.end_date", message: expect.any(String), fixed: false },
    ],
  });
});
