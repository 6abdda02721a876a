import { expect, test } from "vitest";
import { printMessages } from "../../test/print-messages.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { brandIntakeCard } from "./card.ts";
import { readBrandIntakeContext } from "./context.ts";
import { intakePrompt } from "./prompt.ts";
import { inputSchema } from "./schema.ts";

test("the messages are those that were reviewed: change them with the version", async () => {
  const input = inputSchema.parse({
    currentStep: "icp",
    messages: [
      { role: "assistant", content: "What is your brand called?" },
      { role: "user", content: "Harbor Ledger" },
      { role: "assistant", content: "" },
      { role: "user", content: "We like owners of small hotels best." },
    ],
    existingData: { brand: { brand_name: "Harbor Ledger" }, icp: [], offers: [] },
  });
  const context = await readBrandIntakeContext(sampleSource(), input);

  const printed = printMessages(brandIntakeCard, intakePrompt(input, context));

  await expect(printed).toMatchFileSnapshot("./prompt.golden.md");
});
