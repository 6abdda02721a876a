/** The guarantees of every agent's `finish`, for any answer of a model. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding } from "../src/agent/finding.ts";
import { catalogEntry } from "../src/catalog.ts";
import { agents } from "../src/registry.ts";
import { answerLike } from "./answer-like.ts";
import { SAMPLE_ROWS } from "./sample-rows.ts";
import { sampleSource } from "./sample-source.ts";
import { sampleIntake } from "./samples/brand-intake.ts";
import { sampleCampaign } from "./samples/campaign-designer.ts";
import { sampleContent } from "./samples/content-engine.ts";
import { sampleFunnel } from "./samples/funnel-architect.ts";
import { sampleAnalysis } from "./samples/optimization-analyst.ts";
import { samplePlan } from "./samples/plan-90day.ts";

const answers = [
  ["setup", sampleIntake],
  ["strategy", samplePlan],
  ["funnels", sampleFunnel],
  ["campaigns", sampleCampaign],
  ["content", sampleContent],
  ["optimization", sampleAnalysis],
] as const;

/** A workspace with all rows, and one with only a brand. */
const { cmo_brand_profiles = [] } = SAMPLE_ROWS;
const sources = [sampleSource(), sampleSource({ cmo_brand_profiles })];

describe.each(answers)("%s", (mode, sample) => {
  test("a finished answer is valid, and finishing it again changes nothing", async () => {
    const agent = agents.find((known) => known.mode === mode);
    for (const source of sources) {
      const prepared = await agent?.prepare({}, source);

      await fc.assert(
        fc.asyncProperty(answerLike<unknown>(sample), async (answer) => {
          const once = await prepared?.accept(answer);
          if (once?.kind !== "accepted") return;

          expect(catalogEntry(mode).output.safeParse(once.output).error).toBeUndefined();
          // What was left out is absent the second time.
          const isLeftOut = ({ kind, message }: Finding) =>
            kind === "shape" || message.startsWith("Left out");
          expect(await prepared?.accept(once.output)).toMatchObject({
            output: once.output,
            // The second time, no block has a wrong shape and no member another spelling.
            findings: once.findings.filter(
              (finding) => !finding.fixed && !isLeftOut(finding) && finding.kind !== "normalized",
            ),
          });
        }),
      );
    }
  });
});

describe("amounts below a cent and beyond the largest", () => {
  const once = async (mode: "strategy" | "funnels", answer: unknown) => {
    const agent = agents.find((known) => known.mode === mode);
    const prepared = await agent?.prepare({}, sampleSource());
    const first = await prepared?.accept(answer);
    const output = first?.kind === "accepted" ? first.output : null;
    expect(await prepared?.accept(output)).toMatchObject({ output });
    return output;
  };

  test.each([5e-324, 0.004, 1e-9, -0])(
    "a funnel whose total budget is %d has none",
    async (total) => {
      const funnel = { ...sampleFunnel.funnel, total_budget: total };
      const stages = sampleFunnel.stages.map((stage) => ({
        ...stage,
        budget_allocation: 0,
        campaign_types: [],
      }));
      expect(await once("funnels", { funnel, stages })).toMatchObject({
        funnel: { total_budget: 0 },
      });
    },
  );

  test("a funnel's total is a whole number of cents, though its stages sum with a rest", async () => {
    const funnel = { ...sampleFunnel.funnel, total_budget: 0 };
    const stages = sampleFunnel.stages.map((stage, i) => ({
      ...stage,
      budget_allocation: [0.1, 0.2][i] ?? 0,
    }));
    expect(await once("funnels", { funnel, stages })).toMatchObject({
      funnel: { total_budget: 0.3 },
    });
  });

  test.each([5e-324, 0.005, 1e12])(
    "a plan with categories of %d is finished once",
    async (part) => {
      const breakdown = samplePlan.budget_allocation.breakdown.map((category) => ({
        ...category,
        amount: part,
        percentage: 0,
      }));
      const budget_allocation = { ...samplePlan.budget_allocation, total_budget: 0, breakdown };
      await once("strategy", { ...samplePlan, budget_allocation });
    },
  );
});
