/** What every agent's `finish` promises, whatever a model has written. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
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

/** A workspace with everything described, and one with a brand and nothing else. */
const { cmo_brand_profiles = [] } = SAMPLE_ROWS;
const sources = [sampleSource(), sampleSource({ cmo_brand_profiles })];

describe.each(answers)("%s", (mode, sample) => {
  test("what is finished is valid, stays as it is, and needs no more mending", async () => {
    const agent = agents.find((known) => known.mode === mode);
    for (const source of sources) {
      const prepared = await agent?.prepare({}, source);

      fc.assert(
        fc.property(answerLike<unknown>(sample), (answer) => {
          const once = prepared?.accept(answer);
          if (once?.kind !== "accepted") return;

          expect(catalogEntry(mode).output.safeParse(once.output).error).toBeUndefined();
          expect(prepared?.accept(once.output)).toMatchObject({
            output: once.output,
            // A block whose shape is wrong is gone the second time.
            findings: once.findings.filter(({ kind, fixed }) => !fixed && kind !== "shape"),
          });
        }),
        { numRuns: 30 },
      );
    }
  });
});
