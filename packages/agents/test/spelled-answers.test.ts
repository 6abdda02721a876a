/** Answers that are right and spelled as people spell: read at once, in one call, to the same numbers. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agents } from "../src/registry.ts";
import { sampleSource } from "./sample-source.ts";
import { sampleCampaign } from "./samples/campaign-designer.ts";
import { sampleContent } from "./samples/content-engine.ts";
import { sampleFunnel } from "./samples/funnel-architect.ts";
import { sampleAnalysis } from "./samples/optimization-analyst.ts";
import { samplePlan } from "./samples/plan-90day.ts";
import { finished, runScripted, text } from "./scripted-run.ts";

const SAMPLES = [
  ["strategy", samplePlan],
  ["funnels", sampleFunnel],
  ["campaigns", sampleCampaign],
  ["content", sampleContent],
  ["optimization", sampleAnalysis],
] as const;

type Mode = (typeof SAMPLES)[number][0];

/** The sample of the content engine is for one channel. */
const inputOf = (mode: Mode) => (mode === "content" ? { channels: ["email"] } : {});

async function play(mode: Mode, answer: unknown, language: string, input: object = inputOf(mode)) {
  const agent = agents.find((one) => one.mode === mode);
  if (!agent) throw new Error(`There is no agent for ${mode}.`);
  const source = sampleSource();
  const ofLanguage = { ...source, workspace: { ...source.workspace, language } };
  return runScripted(agent, [[text(JSON.stringify(answer)), finished()]], {
    source: ofLanguage,
    input,
  });
}

/** The same value with some of its numbers as texts. */
function spelled(value: unknown, format: (value: number) => string): unknown {
  if (typeof value === "number") return format(value);
  if (Array.isArray(value)) return value.map((item) => spelled(item, format));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, spelled(member, format)]),
  );
}

describe.each(SAMPLES)("%s", (mode, sample) => {
  const notations = fc.constantFrom(
    ["en", "en-US"],
    ["de", "de-DE"],
    ["fr", "fr-FR"],
    ["es", "es-ES"],
    ["de", "de-CH"],
  );

  test("numbers as people write them are those numbers, and ask nothing of the model", async () => {
    await fc.assert(
      fc.asyncProperty(
        notations,
        fc.infiniteStream(fc.boolean()),
        async ([language, locale], isText) => {
          const { format } = new Intl.NumberFormat(locale, {
            maximumFractionDigits: 6,
            useGrouping: "always",
          });
          let kept = 0;
          const some = (value: number) =>
            isText.next().value === true ? format(value) : `@${value}@${kept++}`;
          const written = JSON.stringify(spelled(sample, some)).replace(/"@(.*?)@\d+"/g, "$1");

          const { outcome, requests } = await play(mode, JSON.parse(written), language);

          expect(outcome).toMatchObject({ kind: "completed", output: sample });
          expect(requests).toHaveLength(1);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test("thousands with dots are thousands in a German plan", async () => {
  const budget_allocation = { ...samplePlan.budget_allocation, total_budget: "9.000" };

  const { outcome } = await play("strategy", { ...samplePlan, budget_allocation }, "de", {
    budget: 9000,
  });

  expect(outcome).toMatchObject({ kind: "completed", output: samplePlan });
  // That the sample is in English is doubted, too.
  expect(outcome).toHaveProperty(
    "findings",
    expect.arrayContaining([
      expect.objectContaining({
        kind: "normalized",
        path: "budget_allocation.total_budget",
        fixed: true,
      }),
    ]),
  );
});

test("thousands with dots are thousands without quotes, too", async () => {
  const agent = agents.find(({ mode }) => mode === "strategy");
  if (!agent) throw new Error("There is a planner.");
  const answer = JSON.stringify(samplePlan).replace('"total_budget":9000', '"total_budget":9.000');

  const { outcome } = await runScripted(agent, [[text(answer), finished()]], {
    source: sampleSource(),
    input: { budget: 9000 },
  });

  expect(answer).toContain("9.000");
  expect(outcome).toMatchObject({ kind: "completed", output: samplePlan });
  expect(outcome).toHaveProperty("findings", [expect.objectContaining({ kind: "normalized" })]);
});

test.each([
  ["campaigns", sampleCampaign, "complementary_suggestions", { synergy_score: "80%" }],
  ["campaigns", sampleCampaign, "complementary_suggestions", { synergy_score: "a lot" }],
  ["strategy", samplePlan, "risks_mitigations", { likelihood: "very high", impact: "mittel" }],
  ["strategy", samplePlan, "primary_objectives", { priority: "hoch" }],
  ["strategy", samplePlan, "milestones", { target_date: "March 30, 2026" }],
  ["content", sampleContent, "assets", { performance_predictions: { confidence: "moderate" } }],
  ["content", sampleContent, "assets", { metadata: { emoji_usage: "few" } }],
  ["optimization", sampleAnalysis, "recommendations", { severity: "hoch", effort: "gering" }],
] as const)("%s: %#. decoration refuses no answer and asks nothing", async (...given) => {
  const [mode, sample, list, change] = given;
  const items: readonly unknown[] = Object.entries(sample).find(([name]) => name === list)?.[1];
  const [first, ...others] = items;
  const answer = { ...sample, [list]: [merged(first, change), ...others] };

  const { outcome, requests } = await play(mode, answer, "en");

  expect(outcome.kind).toBe("completed");
  expect(requests).toHaveLength(1);
});

function merged(value: unknown, change: object): unknown {
  const members = new Map(Object.entries(value ?? {}));
  for (const [name, member] of Object.entries(change)) {
    const isGroup = typeof member === "object" && member !== null;
    members.set(name, isGroup ? merged(members.get(name), member) : member);
  }
  return Object.fromEntries(members);
}

test("variants are read by their letter", async () => {
  const assets = sampleContent.assets.map((asset) => ({
    ...asset,
    variant: `Variant ${asset.variant}`,
  }));

  const { outcome } = await play("content", { ...sampleContent, assets }, "en");

  expect(outcome).toMatchObject({ kind: "completed", output: sampleContent });
});
