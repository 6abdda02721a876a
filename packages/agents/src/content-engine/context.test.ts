import type { Row } from "@cmo/shared/db";
import { expect, test } from "vitest";
import { sampleAsset, sampleVariant } from "../../test/sample-content-rows.ts";
import { SAMPLE_IDS, SAMPLE_ROWS, SAMPLE_WORKSPACE_ID } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { readContentEngineContext } from "./context.ts";
import { contentPrompt } from "./prompt.ts";
import { inputSchema } from "./schema.ts";

const read = (input: object, rows = SAMPLE_ROWS) =>
  readContentEngineContext(sampleSource(rows), inputSchema.parse(input));

async function userMessage(given: object): Promise<string> {
  const input = inputSchema.parse(given);
  return contentPrompt(input, await read(given))[1]?.content ?? "";
}

test.each([
  ["campaignId", SAMPLE_IDS.campaign, "The January letter"],
  ["funnelStage", "advocacy", '"funnel_stage":"advocacy"'],
  ["channels", ["Newsletter", "X"], '"twitter"'],
  ["ctaIntent", "refer", '"ctaIntent":"refer"'],
  ["contentTypes", ["case study"], "case study"],
  ["voice", { formOfAddress: "vous", wordsToUse: ["bonjour"] }, "bonjour"],
  ["prompt", "Bring guests back", "Bring guests back"],
])("%s reaches the prompt, and nothing of it does without", async (field, value, trace) => {
  expect(await userMessage({ [field]: value })).toContain(trace);
  expect(await userMessage({})).not.toContain(trace);
});

test("the channels are those asked for, else the prompt's, else the usual ones", async () => {
  const channelsOf = async (input: object) => (await read(input)).asked.channels;

  expect(await channelsOf({ channels: ["E-Mail", "newsletter", "X"] })).toEqual([
    "email",
    "twitter",
  ]);
  expect(await channelsOf({ prompt: "Three posts" })).toBeNull();
  expect(await channelsOf({})).toEqual(["email", "linkedin", "blog"]);
  expect(await channelsOf({ channels: ["Facebook-Gruppen", "WhatsApp"] })).toEqual([
    "facebook",
    "WhatsApp",
  ]);
  expect(await channelsOf({ channels: ["LinkedIn", "LinkedIn-Anzeigen"] })).toEqual([
    "LinkedIn",
    "LinkedIn-Anzeigen",
  ]);
});

test("the stage is the one asked for, else the prompt's, else the campaign's, else awareness", async () => {
  const [, campaign] = SAMPLE_ROWS.cmo_campaigns ?? [];
  if (!campaign) throw new Error("The sample has two campaigns.");
  const rows = { ...SAMPLE_ROWS, cmo_campaigns: [{ ...campaign, funnel_stage: "retention" }] };
  const stageOf = async (input: object) => (await read(input, rows)).asked.stage;

  expect(await stageOf({ funnelStage: "advocacy", prompt: "Posts" })).toBe("advocacy");
  expect(await stageOf({ prompt: "Posts" })).toBeNull();
  expect(await stageOf({ campaignId: SAMPLE_IDS.campaign })).toBe("retention");
  expect(await stageOf({})).toBe("awareness");
});

const campaignChannel = (
  channel_name: string,
  budget_percentage: number,
): Row<"cmo_campaign_channels"> => ({
  id: channel_name,
  workspace_id: SAMPLE_WORKSPACE_ID,
  tenant_id: SAMPLE_WORKSPACE_ID,
  created_at: "2026-02-01T09:00:00+00:00",
  updated_at: "2026-02-01T09:00:00+00:00",
  created_by: null,
  agent_run_id: null,
  warnings: [],
  campaign_id: SAMPLE_IDS.campaign,
  channel_name,
  channel_type: null,
  priority: null,
  budget_percentage,
  content_types: [],
  posting_frequency: null,
  targeting_notes: null,
  expected_metrics: {},
  is_paid: false,
  utm_source: null,
  utm_medium: null,
  utm_campaign: null,
  external_source: null,
  external_account_id: null,
  external_campaign_id: null,
  external_adset_id: null,
  external_ad_id: null,
});

const CAMPAIGN_CHANNELS = {
  ...SAMPLE_ROWS,
  cmo_campaign_channels: [
    campaignChannel("Newsletter", 60),
    campaignChannel("Trade fair", 30),
    campaignChannel("LinkedIn", 10),
  ],
};

test.each([
  ["Warm and short, please", ["email", "Trade fair", "linkedin"]],
  ["An e-mail for those who left", null],
  ["Two LinkedIn posts", null],
  ["LinkedInに二つ", null],
  ["Landing page first", null],
])("a campaign's channels hold unless the prompt names one: %s", async (prompt, channels) => {
  const { asked } = await read({ campaignId: SAMPLE_IDS.campaign, prompt }, CAMPAIGN_CHANNELS);

  expect(asked.channels).toEqual(channels);
});

test("a campaign without channels leaves them to the prompt, and asked ones come before its own", async () => {
  const campaignId = SAMPLE_IDS.campaign;
  const bare = await read({ campaignId, prompt: "Warm and short" });
  const wished = await read({ campaignId, prompt: "Warm", channels: ["blog"] }, CAMPAIGN_CHANNELS);

  expect(bare.asked.channels).toBeNull();
  expect(wished.asked.channels).toEqual(["blog"]);
});

test.each([
  ["Warm and short, please", "awareness"],
  ["Retention: bring them back", null],
])("a campaign's stage holds unless the prompt names one: %s", async (prompt, stage) => {
  const { asked } = await read({ campaignId: SAMPLE_IDS.campaign, prompt });

  expect(asked.stage).toBe(stage);
});

test("the segment is the one that the prompt names, else the campaign's, else the primary one", async () => {
  const segmentOf = async (input: object) => (await read(input)).segment?.segment_name;

  expect(await segmentOf({ prompt: "Write to small hotel groups, please" })).toBe(
    "Small hotel groups",
  );
  expect(await segmentOf({ campaignId: SAMPLE_IDS.campaign })).toBe("Small hotel groups");
  expect(await segmentOf({})).toBe("Independent hotel owners");
});

test("the campaign's segment and offer are found beyond those that a prompt shows", async () => {
  const [segment] = SAMPLE_ROWS.cmo_icp_segments ?? [];
  const [offer] = SAMPLE_ROWS.cmo_offers ?? [];
  const [, campaign] = SAMPLE_ROWS.cmo_campaigns ?? [];
  if (!(segment && offer && campaign)) throw new Error("The sample lacks rows.");
  const named = (kind: string) => Array.from({ length: 30 }, (_, i) => `${kind} ${i + 10}`);
  const rows = {
    ...SAMPLE_ROWS,
    cmo_icp_segments: named("Segment").map((name) => ({
      ...segment,
      id: name,
      segment_name: name,
      is_primary: name === "Segment 10",
    })),
    cmo_offers: named("Offer").map((name) => ({ ...offer, id: name, offer_name: name })),
    cmo_campaigns: [{ ...campaign, target_icp: "Segment 39", target_offer: "Offer 39" }],
  };

  const found = await read({ campaignId: SAMPLE_IDS.campaign }, rows);

  expect(found.segment?.segment_name).toBe("Segment 39");
  expect(found.offer?.offer_name).toBe("Offer 39");
});

test("the prompt holds the channels with measured numbers, and no examples", async () => {
  const snapshots = SAMPLE_ROWS.cmo_metrics_snapshots?.map((row) => ({
    ...row,
    channel_id: "Newsletter",
  }));
  const messageOf = async (data_mode: "demo" | "live") => {
    const cmo_metrics_snapshots = snapshots?.map((row) => ({ ...row, data_mode })) ?? [];
    const rows = { ...CAMPAIGN_CHANNELS, cmo_metrics_snapshots };
    return contentPrompt({}, await read({}, rows))[1]?.content;
  };

  expect(await messageOf("live")).toContain('"by_channel":[{"channel":"email"');
  expect(await messageOf("demo")).not.toContain("by_channel");
});

test("published texts reach the prompt as examples of the voice, with what worked", async () => {
  const input = inputSchema.parse({ channels: ["email"] });
  const context = await read(input, {
    ...SAMPLE_ROWS,
    cmo_content_assets: [sampleAsset("a", { channel: "email" })],
    cmo_content_variants: [
      sampleVariant("v", "a", {
        subject_line: "The quiet months",
        body_content: "It is raining, and that is fine.",
        is_winner: true,
      }),
    ],
  });

  const message = contentPrompt(input, context)[1]?.content ?? "";

  expect(message).toContain('name="published"');
  expect(message).toContain("It is raining, and that is fine.");
  expect(message).toContain('"subject_line":"The quiet months"');
});

test("published pieces of a campaign are existing content, and not planned any more", async () => {
  const cmo_content_assets = ["draft", "approved", "published", "archived"].map((status) =>
    sampleAsset(status, { campaign_id: SAMPLE_IDS.campaign, status }),
  );
  const { campaign } = await read(
    { campaignId: SAMPLE_IDS.campaign },
    { ...SAMPLE_ROWS, cmo_content_assets },
  );

  const ids = (pieces: readonly { content_id: string | null }[] = []) =>
    pieces.map(({ content_id }) => content_id);
  expect(ids(campaign?.planned_content)).toEqual(["approved", "draft"]);
  expect(ids(campaign?.existing_content)).toEqual(["published"]);
});
