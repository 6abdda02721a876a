import { expect, test } from "vitest";
import { finishCampaign } from "./finish.ts";
import { sampleCampaign } from "./sample.ts";

test("a campaign that is right stays as it is, without a finding", () => {
  expect(finishCampaign(sampleCampaign)).toEqual({ output: sampleCampaign, findings: [] });
});

test("budget shares sum to 100, weeks stand in order", () => {
  const { output, findings } = finishCampaign({
    ...sampleCampaign,
    channels: sampleCampaign.channels.map((channel) => ({ ...channel, budget_percentage: 80 })),
    timeline: sampleCampaign.timeline.toReversed(),
  });

  expect(output.channels.map((channel) => channel.budget_percentage)).toEqual([50, 50]);
  expect(output.timeline).toEqual(sampleCampaign.timeline);
  expect(findings.map(({ path, fixed }) => [path, fixed])).toEqual([
    ["channels", true],
    ["timeline", true],
  ]);
});
