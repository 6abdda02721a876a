import { expect, test } from "vitest";
import { InputError } from "../src/agent/define-agent.ts";
import { agents } from "../src/registry.ts";
import { SAMPLE_IDS, SAMPLE_ROWS } from "./sample-rows.ts";
import { sampleSource } from "./sample-source.ts";

const agentOf = (mode: string) => {
  const agent = agents.find((known) => known.mode === mode);
  if (!agent) throw new Error(`No agent serves ${mode}.`);
  return agent;
};

test.each(["strategy", "funnels", "campaigns", "content"])(
  "%s needs a brand, and says what to do without one",
  async (mode) => {
    const source = sampleSource({ ...SAMPLE_ROWS, cmo_brand_profiles: [] });

    await expect(agentOf(mode).prepare({}, source)).rejects.toThrow(
      new InputError(
        "This workspace has no brand profile yet. Run the setup (brand intake) first, then try again.",
      ),
    );
  },
);

test.each([
  ["funnels", "planId"],
  ["campaigns", "planId"],
  ["campaigns", "funnelId"],
  ["campaigns", "stageId"],
  ["content", "campaignId"],
  ["optimization", "planId"],
  ["optimization", "funnelId"],
])("%s refuses a %s that is not the workspace's, by name", async (mode, field) => {
  const prepared = agentOf(mode).prepare({ [field]: SAMPLE_IDS.foreign }, sampleSource());

  await expect(prepared).rejects.toBeInstanceOf(InputError);
  await expect(prepared).rejects.toThrow(field);
});

test("a stage implies its funnel, and is refused with another funnel", async () => {
  const other = "0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e3f99";
  const [funnel] = SAMPLE_ROWS.cmo_funnels ?? [];
  if (!funnel) throw new Error("The sample has no funnel.");
  const source = sampleSource({ ...SAMPLE_ROWS, cmo_funnels: [funnel, { ...funnel, id: other }] });
  const campaigns = agentOf("campaigns");

  const { messages } = await campaigns.prepare({ stageId: SAMPLE_IDS.stage }, source);

  expect(messages[1]?.content).toContain("From worry to trial");
  await expect(
    campaigns.prepare({ stageId: SAMPLE_IDS.stage, funnelId: other }, source),
  ).rejects.toThrow("stageId");
});

test("an archived offer is not marketed, but the interview still knows it", async () => {
  const [offer] = SAMPLE_ROWS.cmo_offers ?? [];
  if (!offer) throw new Error("The sample has no offer.");
  const archived = { ...offer, offer_name: "Bygone", status: "archived" };
  const source = sampleSource({ ...SAMPLE_ROWS, cmo_offers: [archived, offer] });
  const knows = async (mode: string) => {
    const { messages } = await agentOf(mode).prepare({}, source);
    return messages.some(({ content }) => content.includes("Bygone"));
  };

  for (const mode of ["strategy", "funnels", "campaigns", "content"]) {
    expect([mode, await knows(mode)]).toEqual([mode, false]);
  }
  expect(await knows("setup")).toBe(true);
});

test("the prompt contains no wish for what the caller leaves open: their own words decide", async () => {
  const prompt = "Three Instagram posts that bring old guests back";

  for (const mode of ["strategy", "funnels", "campaigns", "content"]) {
    const { messages } = await agentOf(mode).prepare({ prompt }, sampleSource());
    const [, request = ""] = messages[1]?.content.split('name="request">\n') ?? [];
    const [json = ""] = request.split("\n</data-");
    const { today, start_date, end_date, ...wishes } = JSON.parse(json);

    expect(wishes).toEqual({ prompt });
  }
});

test("every agent is named in the first line of its system message", async () => {
  for (const agent of agents) {
    const { messages } = await agent.prepare({}, sampleSource());

    expect(messages[0]?.role).toBe("system");
    expect(messages[0]?.content).toMatch(new RegExp(`^You are ${agent.name}, `));
  }
});

test("agents that answer in JSON ask in exactly two messages, with all rows fenced", async () => {
  for (const agent of agents.filter(({ reply }) => reply === "json")) {
    const { messages } = await agent.prepare({ prompt: "Win more guests" }, sampleSource());

    expect(messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(messages[0]?.content).not.toContain("Harbor Ledger");
    const outside = messages[1]?.content.replace(/<data-f00dfeed [\s\S]*?<\/data-f00dfeed>/g, "");
    expect(outside).not.toMatch(/Harbor Ledger|Win more guests/);
  }
});

test.each(agents)("$mode says in its prompt which rows were not read completely", async (agent) => {
  const source = sampleSource(SAMPLE_ROWS, ["cmo_icp_segments", "cmo_offers"]);

  const { messages } = await agent.prepare({}, source);

  expect(messages[0]?.content).toContain(
    "Rows of these kinds were too large to be read completely: icp segments, offers.",
  );
});

test.each(["strategy", "funnels"])(
  "%s reads what was measured, what runs, and what the last plan reached",
  async (mode) => {
    const { messages } = await agentOf(mode).prepare({}, sampleSource());
    const unmeasured = { ...SAMPLE_ROWS, cmo_metrics_snapshots: [], cmo_marketing_plans: [] };
    const bare = await agentOf(mode).prepare({}, sampleSource(unmeasured));

    const prompt = messages[1]?.content ?? "";
    expect(prompt).toContain('name="metrics"');
    expect(prompt).toContain('"clicks":360');
    expect(prompt).toContain('name="campaigns"');
    expect(prompt).toContain('name="last_plan"');
    expect(prompt).toContain("measured_in_its_days");
    expect(bare.messages[1]?.content).not.toMatch(/name="(?:metrics|last_plan)"/);
  },
);
