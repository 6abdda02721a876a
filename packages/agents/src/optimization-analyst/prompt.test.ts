import { expect, test } from "vitest";
import { printMessages } from "../../test/print-messages.ts";
import { SAMPLE_IDS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { optimizationAnalystCard } from "./card.ts";
import { readOptimizationAnalystContext } from "./context.ts";
import { optimizationPrompt } from "./prompt.ts";
import { inputSchema } from "./schema.ts";

test("the messages are those that were reviewed: change them with the version", async () => {
  const input = inputSchema.parse({ funnelId: SAMPLE_IDS.funnel });
  const context = await readOptimizationAnalystContext(sampleSource(), input);

  const printed = printMessages(optimizationAnalystCard, optimizationPrompt(input, context));

  await expect(printed).toMatchFileSnapshot("./prompt.golden.md");
});
