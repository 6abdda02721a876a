import { expect, test } from "vitest";
import { SAMPLE_IDS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleCampaign } from "../../test/samples/campaign-designer.ts";
import { campaignArtifacts } from "./artifacts.ts";
import { readCampaignDesignerContext } from "./context.ts";
import { inputSchema } from "./schema.ts";

test("a campaign becomes a row under its plan and funnel, before its channels and content", async () => {
  const input = inputSchema.parse({ planId: SAMPLE_IDS.plan, stageId: SAMPLE_IDS.stage });
  const context = await readCampaignDesignerContext(sampleSource(), input);
  let made = 0;
  const newId = () => `id-${++made}`;

  const [campaign, ...children] = campaignArtifacts(sampleCampaign, { input, context, newId });

  expect(campaign).toMatchObject({
    table: "cmo_campaigns",
    id: "id-1",
    values: {
      ...sampleCampaign.campaign,
      goal: "leads",
      plan_id: SAMPLE_IDS.plan,
      funnel_id: SAMPLE_IDS.funnel,
      status: "draft",
    },
  });
  expect(children.map(({ table, id, values }) => [table, id, values["campaign_id"]])).toEqual([
    ["cmo_campaign_channels", "id-2", "id-1"],
    ["cmo_campaign_channels", "id-3", "id-1"],
    ["cmo_content_assets", "id-4", "id-1"],
    ["cmo_content_assets", "id-5", "id-1"],
  ]);
  expect(children[0]?.values).toMatchObject({ ...sampleCampaign.channels[0], is_paid: true });
  expect(children[3]?.values).toMatchObject({
    ...sampleCampaign.content_outline[1],
    status: "draft",
  });
});

test("the links of a channel have their parameters", async () => {
  const input = inputSchema.parse({});
  const context = await readCampaignDesignerContext(sampleSource(), input);
  const campaign = { ...sampleCampaign.campaign, campaign_name: "The January letter" };
  const [first] = sampleCampaign.channels;
  if (!first) throw new Error("The sample has channels.");
  const channels = [{ ...first, channel_name: "LinkedIn", channel_type: "organic" as const }];

  const [, channel] = campaignArtifacts(
    { ...sampleCampaign, campaign, channels },
    { input, context, newId: () => "id" },
  );

  expect(channel?.values).toMatchObject({
    utm_source: "linkedin",
    utm_medium: "social",
    utm_campaign: "the-january-letter",
  });
});
