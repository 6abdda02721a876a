import { expect, test } from "vitest";
import { printMessages } from "../../test/print-messages.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { plan90DayCard } from "./card.ts";
import { readPlan90DayContext } from "./context.ts";
import { planPrompt } from "./prompt.ts";
import { inputSchema } from "./schema.ts";

test("the messages are those that were reviewed: change them with the version", async () => {
  const input = inputSchema.parse({
    primaryGoal: "150 trials before the season",
    budget: 9000,
    focusAreas: ["Lead Generation"],
    targetMetrics: { mqls: 250 },
    constraints: { channels: ["email", "linkedin"] },
  });
  const context = await readPlan90DayContext(sampleSource(), input);

  const printed = printMessages(plan90DayCard, planPrompt(input, context));

  await expect(printed).toMatchFileSnapshot("./prompt.golden.md");
});
