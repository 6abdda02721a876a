import { expect, test } from "vitest";
import { printMessages } from "../../test/print-messages.ts";
import { SAMPLE_IDS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { contentEngineCard } from "./card.ts";
import { readContentEngineContext } from "./context.ts";
import { contentPrompt } from "./prompt.ts";
import { inputSchema } from "./schema.ts";

test("the messages are those that were reviewed: change them with the version", async () => {
  const input = inputSchema.parse({
    campaignId: SAMPLE_IDS.campaign,
    channels: ["email"],
    contentTypes: ["newsletter"],
  });
  const context = await readContentEngineContext(sampleSource(), input);

  const printed = printMessages(contentEngineCard, contentPrompt(input, context));

  await expect(printed).toMatchFileSnapshot("./prompt.golden.md");
});
