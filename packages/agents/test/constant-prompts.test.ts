/** Gateways cache the beginning of a prompt: what is the same for all runs comes first. */
import { describe, expect, test } from "vitest";
import { agents } from "../src/registry.ts";
import { SAMPLE_ROWS } from "./sample-rows.ts";
import { sampleSource } from "./sample-source.ts";

const [brand] = SAMPLE_ROWS.cmo_brand_profiles ?? [];
if (!brand) throw new Error("The sample has a brand.");
const other = {
  ...sampleSource({
    ...SAMPLE_ROWS,
    cmo_brand_profiles: [{ ...brand, brand_name: "Other" }],
    cmo_offers: [],
  }),
  today: "2026-04-05",
  boundary: "0badcafe",
};

async function systemMessagesOf(agent: (typeof agents)[number]) {
  const runs = await Promise.all([
    agent.prepare({}, sampleSource()),
    agent.prepare({ prompt: "Something else" }, other),
  ]);
  return runs.map(({ messages }) => messages[0]);
}

describe("the system message is first and constant", () => {
  test.each(agents.filter(({ reply }) => reply === "json"))("of $name", async (agent) => {
    const [one, two] = await systemMessagesOf(agent);

    expect(one?.role).toBe("system");
    expect(two).toEqual(one);
  });

  test.each(agents.filter(({ reply }) => reply === "prose"))(
    "of $name up to what is known",
    async (agent) => {
      const [one, two] = (await systemMessagesOf(agent)).map((message) =>
        message?.content.split("# What is known"),
      );

      expect(one).toHaveLength(2);
      expect(two?.[0]).toBe(one?.[0]);
      expect(two?.[1]).not.toBe(one?.[1]);
    },
  );
});
