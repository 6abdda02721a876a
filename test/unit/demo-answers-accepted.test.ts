/** The kernel's own agents, over whole workspaces, have nothing to say against the demo's answers. */
import { agents } from "@cmo/agents";
import { describe, expect, test } from "vitest";
import { answerTo } from "../../apps/demo-gateway/src/answers/answer-to.ts";
import {
  SAMPLE_IDS,
  SAMPLE_ROWS,
  type SampleRows,
} from "../../packages/agents/test/sample-rows.ts";
import { sampleSource } from "../../packages/agents/test/sample-source.ts";

const [brand] = SAMPLE_ROWS.cmo_brand_profiles ?? [];
const [segment] = SAMPLE_ROWS.cmo_icp_segments ?? [];
const [offer] = SAMPLE_ROWS.cmo_offers ?? [];
if (!(brand && segment && offer)) throw new Error("The sample has no foundation.");

const WORKSPACES = {
  "a software for hotels": SAMPLE_ROWS,
  "a brand and nothing else": { cmo_brand_profiles: [brand] },
  "a bakery with odd names": {
    ...SAMPLE_ROWS,
    cmo_brand_profiles: [{ ...brand, brand_name: "Köfte & Söhne 東京", industry: null }],
    cmo_icp_segments: [
      { ...segment, segment_name: "Büro-Teams (10–50)", is_primary: true, preferred_channels: [] },
      { ...segment, segment_name: "Schulküchen 🍲", pain_points: [], priority_score: 5 },
    ],
    cmo_offers: [{ ...offer, offer_name: "Mittagskiste", price_range: null, key_benefits: [] }],
  },
  "a studio with two offers and no segments": {
    cmo_brand_profiles: [{ ...brand, brand_name: "Lichthaus" }],
    cmo_offers: [
      { ...offer, offer_name: "Day of light", price_range: { min: 900, max: 1200 } },
      { ...offer, offer_name: "Year of light", is_flagship: false, price_range: { min: 9000 } },
    ],
  },
  "a farm with more segments than a prompt shows": {
    ...SAMPLE_ROWS,
    cmo_icp_segments: Array.from({ length: 30 }, (_, i) => ({
      ...segment,
      segment_name: `Market ${i}`,
      is_primary: i === 0,
    })),
  },
} satisfies Record<string, SampleRows>;

const WISHES = {
  strategy: [
    {},
    { budget: 0 },
    {
      primaryGoal: "Fill the winter",
      budget: 9_001.5,
      focusAreas: ["Lead Generation", "Product Launch", "Community Building", "Sales Enablement"],
      targetMetrics: { revenue: 50_000, mqls: "250" },
      constraints: { channels: ["Radio", "Letter"] },
      startDate: "2026-12-20",
    },
  ],
  funnels: [{}, { funnelType: "sales" }, { funnelType: "product", prompt: "Keep it small" }],
} as const;

describe.each(Object.entries(WORKSPACES))("%s", (_, rows: SampleRows) => {
  const findingsOn = async (mode: string, payload: object) => {
    const agent = agents.find((one) => one.mode === mode);
    if (!agent) throw new Error(`No agent serves ${mode}.`);
    const { messages, accept } = await agent.prepare(payload, sampleSource(rows));
    const verdict = await accept(JSON.parse(answerTo(messages, "2026-03-02")));
    return verdict.findings.filter(({ fixed }) => !fixed);
  };

  test.each(WISHES.strategy)("the plan needs no repair: %j", async (payload) => {
    expect(await findingsOn("strategy", payload)).toEqual([]);
  });

  test.each(WISHES.funnels)("the funnel needs no repair: %j", async (payload) => {
    expect(await findingsOn("funnels", payload)).toEqual([]);
  });
});

test("a funnel within a plan needs no repair", async () => {
  const agent = agents.find((one) => one.mode === "funnels");
  const prepared = await agent?.prepare({ planId: SAMPLE_IDS.plan }, sampleSource());
  const answer: unknown = JSON.parse(answerTo(prepared?.messages ?? [], "2026-03-02"));

  expect((await prepared?.accept(answer))?.findings.filter(({ fixed }) => !fixed)).toEqual([]);
});
