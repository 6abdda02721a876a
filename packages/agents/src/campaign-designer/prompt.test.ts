import { expect, test } from "vitest";
import { printMessages } from "../../test/print-messages.ts";
import { SAMPLE_IDS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { campaignDesignerCard } from "./card.ts";
import { readCampaignDesignerContext } from "./context.ts";
import { campaignPrompt } from "./prompt.ts";
import { inputSchema } from "./schema.ts";

test("the messages are those that were reviewed: change them with the version", async () => {
  const input = inputSchema.parse({
    stageId: SAMPLE_IDS.stage,
    planId: SAMPLE_IDS.plan,
    channels: ["LinkedIn"],
    preferences: { tone: "Light" },
  });
  const context = await readCampaignDesignerContext(sampleSource(), input);

  const printed = printMessages(campaignDesignerCard, campaignPrompt(input, context));

  await expect(printed).toMatchFileSnapshot("./prompt.golden.md");
});
