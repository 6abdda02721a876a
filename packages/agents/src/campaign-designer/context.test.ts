import { expect, test } from "vitest";
import { SAMPLE_IDS, SAMPLE_ROWS, stageId, withStages } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { readCampaignDesignerContext } from "./context.ts";
import { campaignPrompt } from "./prompt.ts";
import { inputSchema } from "./schema.ts";

async function userMessage(given: object, rows = SAMPLE_ROWS): Promise<string> {
  const input = inputSchema.parse(given);
  const context = await readCampaignDesignerContext(sampleSource(rows), input);
  return campaignPrompt(input, context)[1]?.content ?? "";
}

test.each([
  ["planId", SAMPLE_IDS.plan, "Spring of clear numbers"],
  ["funnelId", SAMPLE_IDS.funnel, "From worry to trial"],
  ["stageId", SAMPLE_IDS.stage, `"stage_id":"${SAMPLE_IDS.stage}"`],
  ["campaignGoal", "nurture", '"campaignGoal":"nurture"'],
  ["channels", ["Trade fair"], "Trade fair"],
  ["preferences", { budgetNotes: "about 500" }, "about 500"],
  ["prompt", "Nothing on Mondays", "Nothing on Mondays"],
])("%s reaches the prompt, and nothing of it does without", async (field, value, trace) => {
  const without = SAMPLE_ROWS.cmo_campaigns?.map((row) => ({
    ...row,
    funnel_id: null,
    plan_id: null,
  }));
  const rows = { ...SAMPLE_ROWS, cmo_campaigns: without ?? [] };

  expect(await userMessage({ [field]: value }, rows)).toContain(trace);
  expect(await userMessage({}, rows)).not.toContain(trace);
});

test("the prompt contains the sums of recent measurements", async () => {
  const message = await userMessage({});

  expect(message).toContain('name="metrics"');
  expect(message).toContain('"clicks":360');
});

test("campaigns beyond the prompt's room are counted in the prompt", async () => {
  const [quiet] = SAMPLE_ROWS.cmo_campaigns ?? [];
  if (!quiet) throw new Error("The sample has campaigns.");
  const cmo_campaigns = Array.from({ length: 20 }, (_, i) => ({ ...quiet, id: `campaign ${i}` }));

  expect(await userMessage({}, { ...SAMPLE_ROWS, cmo_campaigns })).toContain(
    "5 further campaigns are not shown",
  );
});

test("a stage that does not fit into the prompt is still the stage of the campaign", async () => {
  const rows = withStages(33);
  const of = { stageId: stageId(32) };

  const { stage: read } = await readCampaignDesignerContext(sampleSource(rows), of);
  const message = await userMessage(of, rows);

  expect(read?.stage_name).toBe("Stage 32");
  expect(message).toContain('"stage_name":"Stage 32"');
  expect(message).not.toContain('"stage_name":"Stage 31"');
  expect(message).toContain("2 further stages of the funnel are not shown");
  expect(await userMessage({ stageId: stageId(3) }, rows)).toContain("3 further stages");
});
