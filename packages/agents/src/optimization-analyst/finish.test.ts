import { expect, test } from "vitest";
import { SAMPLE_IDS } from "../marketing/sample-rows.ts";
import { sampleSource } from "../marketing/sample-source.ts";
import { readOptimizationAnalystContext } from "./context.ts";
import { finishAnalysis } from "./finish.ts";
import { sampleAnalysis } from "./sample.ts";
import { inputSchema } from "./schema.ts";

const context = await readOptimizationAnalystContext(sampleSource(), inputSchema.parse({}));

test("an analysis that is right stays as it is, without a finding", () => {
  expect(finishAnalysis(sampleAnalysis, context)).toEqual({ output: sampleAnalysis, findings: [] });
});

test("recommendations are scored from impact, severity and effort, the highest first", () => {
  const { output } = finishAnalysis(
    {
      ...sampleAnalysis,
      recommendations: sampleAnalysis.recommendations
        .toReversed()
        .map((one) => ({ ...one, priority_score: 99 })),
    },
    context,
  );

  expect(output.recommendations).toEqual(sampleAnalysis.recommendations);
});

test("ids stand only where the data has them", () => {
  const [first, ...others] = sampleAnalysis.recommendations;
  if (!first) throw new Error("The sample has no recommendation.");
  const made = { ...first, source_id: SAMPLE_IDS.foreign };

  const { output, findings } = finishAnalysis(
    { ...sampleAnalysis, recommendations: [made, ...others] },
    context,
  );

  expect(output.recommendations[0]?.source_id).toBeNull();
  expect(findings).toMatchObject([{ path: "recommendations[0].source_id", fixed: true }]);
});

test("gaps are subtracted, not guessed", () => {
  const [first] = sampleAnalysis.recommendations;
  if (!first) throw new Error("The sample has no recommendation.");
  const metric = { metric: "ctr", current_value: 0.03, target_value: 0, gap: 7, gap_percentage: 7 };

  const { output } = finishAnalysis(
    { ...sampleAnalysis, recommendations: [{ ...first, metrics_affected: [metric] }] },
    context,
  );

  expect(output.recommendations[0]?.metrics_affected).toEqual([
    { ...metric, gap: -0.03, gap_percentage: null },
  ]);
});
