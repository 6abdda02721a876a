import { expect, test } from "vitest";
import { printMessages } from "../../test/print-messages.ts";
import { SAMPLE_IDS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { funnelArchitectCard } from "./card.ts";
import { readFunnelArchitectContext } from "./context.ts";
import { funnelPrompt } from "./prompt.ts";
import { inputSchema } from "./schema.ts";

test("the messages are those that were reviewed: change them with the version", async () => {
  const input = inputSchema.parse({
    planId: SAMPLE_IDS.plan,
    funnelType: "sales",
    prompt: "Keep it small",
  });
  const context = await readFunnelArchitectContext(sampleSource(), input);

  const printed = printMessages(funnelArchitectCard, funnelPrompt(input, context));

  await expect(printed).toMatchFileSnapshot("./prompt.golden.md");
});
