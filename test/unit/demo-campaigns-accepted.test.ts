/** Campaigns, content and analyses of the demo, over whole workspaces, need no repair. */
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
const snapshots = SAMPLE_ROWS.cmo_metrics_snapshots ?? [];
if (!(brand && segment && offer)) throw new Error("The sample has no foundation.");

const WORKSPACES = {
  "a software for hotels": SAMPLE_ROWS,
  "a kitchen whose names are long and in many scripts": {
    ...SAMPLE_ROWS,
    cmo_brand_profiles: [{ ...brand, brand_name: "Köfte & Söhne 東京", brand_tone: null }],
    cmo_icp_segments: [
      {
        ...segment,
        segment_name: "Schulküchen 🍲 und Büro-Teams (10–50)",
        pain_points: ["冬のあいだ人手が足りず、毎日の昼食の準備に追われて休む間もない".repeat(6)],
        preferred_channels: ["E-mail", "Newsletter", "Messe", "Instagram"],
      },
    ],
    cmo_offers: [{ ...offer, offer_name: "Mittagskiste für die ganze Schule", key_benefits: [] }],
  },
  "a shop whose numbers fell": {
    ...SAMPLE_ROWS,
    cmo_metrics_snapshots: snapshots.map((row) => ({
      ...row,
      conversions: row.snapshot_date < "2026-02-01" ? 80 : 15,
    })),
  },
  "a studio whose numbers are examples": {
    ...SAMPLE_ROWS,
    cmo_metrics_snapshots: snapshots.map((row) => ({ ...row, data_mode: "demo" as const })),
  },
  "a farm with a brand and nothing else": { cmo_brand_profiles: [brand] },
} satisfies Record<string, SampleRows>;

const WISHES = [
  ["campaigns", {}],
  ["campaigns", { channels: ["Newsletter", "Trade fair"], campaignGoal: "reactivation" }],
  ["campaigns", { prompt: "Bring old guests back", preferences: "about 500" }],
  ["content", {}],
  ["content", { channels: ["X", "Google Ads", "Instagram", "Facebook", "YouTube"] }],
  ["content", { channels: ["email", "blog"], contentTypes: ["newsletter", "case study"] }],
  ["content", { channels: ["landing page"], funnelStage: "advocacy", ctaIntent: "refer" }],
  ["optimization", {}],
  ["optimization", { period: "last_90_days" }],
  ["optimization", { period: { from: "2026-02-01", to: "2026-02-10" } }],
] as const;

const WISHES_ON_ROWS = [
  ["campaigns", { planId: SAMPLE_IDS.plan }],
  ["campaigns", { stageId: SAMPLE_IDS.stage, planId: SAMPLE_IDS.plan }],
  ["content", { campaignId: SAMPLE_IDS.campaign }],
  ["optimization", { funnelId: SAMPLE_IDS.funnel, planId: SAMPLE_IDS.plan }],
] as const;

async function openFindings(mode: string, payload: object, rows: SampleRows) {
  const agent = agents.find((one) => one.mode === mode);
  if (!agent) throw new Error(`No agent serves ${mode}.`);
  const { messages, accept } = await agent.prepare(payload, sampleSource(rows));
  const { findings } = await accept(JSON.parse(answerTo(messages, "2026-03-02")));
  return findings.filter(({ fixed }) => !fixed);
}

describe.each(Object.entries(WORKSPACES))("%s", (_, rows: SampleRows) => {
  test.each(WISHES)("%s: %j", async (mode, payload) => {
    expect(await openFindings(mode, payload, rows)).toEqual([]);
  });
});

test.each(WISHES_ON_ROWS)("%s: %j", async (mode, payload) => {
  expect(await openFindings(mode, payload, SAMPLE_ROWS)).toEqual([]);
});
