import { expect, test } from "vitest";
import { SAMPLE_IDS, SAMPLE_ROWS } from "../marketing/sample-rows.ts";
import { sampleSource } from "../marketing/sample-source.ts";
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
  ["funnelStage", "advocacy", '"funnel_stage": "advocacy"'],
  ["channels", ["Newsletter", "X"], '"twitter"'],
  ["ctaIntent", "refer", '"ctaIntent": "refer"'],
  ["contentTypes", ["case study"], "case study"],
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
  expect((await read({ channels: ["Messe"] })).asked.otherChannels).toEqual(["Messe"]);
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

test("the segment is the one that the prompt names, else the campaign's, else the primary one", async () => {
  const segmentOf = async (input: object) => (await read(input)).segment?.segment_name;

  expect(await segmentOf({ prompt: "Write to small hotel groups, please" })).toBe(
    "Small hotel groups",
  );
  expect(await segmentOf({ campaignId: SAMPLE_IDS.campaign })).toBe("Small hotel groups");
  expect(await segmentOf({})).toBe("Independent hotel owners");
});
