import { AGENT_OF_MODE, RUN_MODES } from "@cmo/shared/contract";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { agentCatalog, catalogEntry } from "../src/catalog.ts";
import { sampleIntake } from "./samples/brand-intake.ts";
import { sampleCampaign } from "./samples/campaign-designer.ts";
import { sampleContent } from "./samples/content-engine.ts";
import { sampleFunnel } from "./samples/funnel-architect.ts";
import { sampleAnalysis } from "./samples/optimization-analyst.ts";
import { samplePlan } from "./samples/plan-90day.ts";

const id = "11111111-1111-1111-1111-111111111111";

/** Payloads of deployed clients, after the API has renamed aliases. */
const inputs = {
  setup: {
    messages: [{ role: "user", content: "" }],
    currentStep: "offers",
    existingData: { brand: null, icp: [{ segment_name: "Owners" }], offers: [] },
  },
  strategy: {
    primaryGoal: "Leads",
    budget: 10000,
    targetMetrics: { revenue: 50000, mqls: 200, reach: 100000 },
    constraints: { channels: ["email"], timeframe: "Q2" },
    focusAreas: ["Lead Generation"],
    startDate: "2026-03-01",
  },
  funnels: { planId: id, funnelType: "product" },
  campaigns: {
    funnelId: id,
    planId: id,
    stageId: id,
    campaignGoal: "nurture",
    channels: ["email"],
    preferences: "Nothing on Mondays",
  },
  content: { campaignId: id, funnelStage: "conversion", channels: ["email"], ctaIntent: "refer" },
  optimization: { planId: id, funnelId: id, period: "last_7_days" },
};

const outputs = {
  setup: sampleIntake,
  strategy: samplePlan,
  funnels: sampleFunnel,
  campaigns: sampleCampaign,
  content: sampleContent,
  optimization: sampleAnalysis,
};

test("the catalog has one agent for each mode, in the order of the modes", () => {
  expect(agentCatalog.map((card) => card.mode)).toEqual(RUN_MODES);
  expect(agentCatalog.map((card) => card.name)).toEqual(RUN_MODES.map((m) => AGENT_OF_MODE[m]));
});

describe.each(RUN_MODES)("%s", (mode) => {
  const card = catalogEntry(mode);

  test("accepts what its clients send, and accepts the result again unchanged", () => {
    const taken = card.input.parse(inputs[mode]);

    expect(taken).toMatchObject(inputs[mode]);
    expect(card.input.parse(taken)).toEqual(taken);
  });

  test("asks for nothing: every member may be absent, null or an empty string", () => {
    const absent = card.input.parse({});
    const blank = Object.fromEntries(Object.keys(inputs[mode]).map((name) => [name, null]));

    expect(card.input.parse(blank)).toEqual(absent);
    expect(card.input.parse({ prompt: "" })).toEqual(absent);
  });

  test("takes a goal in the caller's own words", () => {
    expect(card.input.parse({ prompt: "More guests in May" })).toMatchObject({
      prompt: "More guests in May",
    });
    expect(card.input.safeParse({ prompt: "x".repeat(4_001) }).success).toBe(false);
  });

  test("refuses members that it does not know", () => {
    expect(card.input.safeParse({ workspaceId: id }).success).toBe(false);
  });

  test("accepts a full answer as it is, and drops members that have no place", () => {
    expect(card.output.parse(outputs[mode])).toEqual(outputs[mode]);
    expect(card.output.parse({ ...outputs[mode], id, tenant_id: id })).toEqual(outputs[mode]);
  });

  test("can be described to callers as JSON Schema", () => {
    expect(z.toJSONSchema(card.input, { io: "input" })).toMatchObject({
      type: "object",
      additionalProperties: false,
    });
    expect(z.toJSONSchema(card.output)).toMatchObject({ type: "object" });
  });

  test("renames deployed fields only to members that it has", () => {
    const members = z.toJSONSchema(card.input, { io: "input" }).properties ?? {};

    for (const [legacy, member] of Object.entries(card.legacyFields)) {
      expect(members).toHaveProperty(member);
      expect(members).not.toHaveProperty(legacy);
    }
  });
});

test("blocks of the intake carry columns only, whatever a model adds", () => {
  const parsed = catalogEntry("setup").output.parse({
    message: "",
    icp: { segment_name: "Owners", workspace_id: id, id, mood: "good" },
  });

  expect(parsed).not.toHaveProperty("icp.workspace_id");
  expect(parsed).not.toHaveProperty("icp.id");
  expect(parsed).not.toHaveProperty("icp.mood");
  expect(parsed).not.toHaveProperty("brand");
});

test("different spellings are read if they have exactly one meaning, otherwise refused", () => {
  const { output } = catalogEntry("funnels");
  const withTotal = (total_budget: unknown) =>
    output.safeParse({
      ...sampleFunnel,
      funnel: { ...sampleFunnel.funnel, funnel_type: "Marketing", total_budget },
    });

  expect(withTotal("8000").data).toEqual(sampleFunnel);
  for (const ambiguous of ["8,000", "€8000", "8k", "", -1, null]) {
    expect(withTotal(ambiguous).success).toBe(false);
  }
});
