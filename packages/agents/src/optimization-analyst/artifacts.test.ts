import { expect, test } from "vitest";
import { SAMPLE_IDS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleAnalysis } from "../../test/samples/optimization-analyst.ts";
import { recommendationArtifacts } from "./artifacts.ts";
import { readOptimizationAnalystContext } from "./context.ts";
import { priorityOf } from "./finish-recommendation.ts";
import { inputSchema } from "./schema.ts";

test("each recommendation becomes a row, under its campaign where it is about one", async () => {
  const input = inputSchema.parse({});
  const context = await readOptimizationAnalystContext(sampleSource(), input);
  let made = 0;
  const newId = () => `id-${++made}`;

  const rows = recommendationArtifacts(sampleAnalysis, { input, context, newId });

  expect(rows.map(({ table, id }) => [table, id])).toEqual([
    ["cmo_recommendations", "id-1"],
    ["cmo_recommendations", "id-2"],
  ]);
  expect(rows[0]?.values).toEqual({
    campaign_id: SAMPLE_IDS.campaign,
    recommendation_type: "performance",
    priority: "high",
    title: "Find out why revenue fell",
    description: sampleAnalysis.recommendations[0]?.description,
    rationale: "The January letter · revenue: 300 → 900 · The 30 days before",
    expected_impact: "high",
    effort_level: "medium",
    action_items: ["Test another subject line · This week · E-mail marketer · More openings"],
    status: "pending",
  });
  expect(rows[1]?.values).toMatchObject({ campaign_id: null, priority: "medium" });
});

test("scores are saved as the three words of the rows", () => {
  expect([43, 30, 29, 16, 15, 1].map(priorityOf)).toEqual([
    "high",
    "high",
    "medium",
    "medium",
    "low",
    "low",
  ]);
});
