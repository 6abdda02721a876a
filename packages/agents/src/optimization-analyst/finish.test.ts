import { describe, expect, test } from "vitest";
import { SAMPLE_IDS, SAMPLE_ROWS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleAnalysis } from "../../test/samples/optimization-analyst.ts";
import { readOptimizationAnalystContext } from "./context.ts";
import { finishAnalysis } from "./finish.ts";
import { inputSchema, type OptimizationAnalystOutput } from "./schema.ts";

type Recommendation = OptimizationAnalystOutput["recommendations"][number];

const context = await readOptimizationAnalystContext(sampleSource(), inputSchema.parse({}));

const [first, second] = sampleAnalysis.recommendations;
if (!first || !second) throw new Error("The sample has two recommendations.");

const finishWith = (recommendations: readonly Recommendation[], known = context) =>
  finishAnalysis({ ...sampleAnalysis, recommendations: [...recommendations] }, known);

const openOf = ({ findings }: ReturnType<typeof finishAnalysis>) =>
  findings.filter(({ fixed }) => !fixed).map(({ kind, path }) => [kind, path]);

/** The sample's campaign, whose conversions fell from 90 in January to 30 in February. */
async function fallen() {
  const [row] = SAMPLE_ROWS.cmo_metrics_snapshots ?? [];
  if (!row) throw new Error("The sample has measurements.");
  const month = { ...row, metric_type: "monthly" };
  const rows = [
    { ...month, snapshot_date: "2026-01-31", conversions: 90 },
    { ...month, id: `${row.id}1`, snapshot_date: "2026-02-28", conversions: 30 },
  ];
  const source = sampleSource({ ...SAMPLE_ROWS, cmo_metrics_snapshots: rows });
  return readOptimizationAnalystContext(source, inputSchema.parse({}));
}

test("a valid analysis stays unchanged, without a finding", () => {
  expect(finishAnalysis(sampleAnalysis, context)).toEqual({ output: sampleAnalysis, findings: [] });
});

test("recommendations are scored from impact, urgency and effort, the highest first", () => {
  const { output } = finishWith([second, first].map((one) => ({ ...one, priority_score: 99 })));

  expect(output.recommendations).toEqual(sampleAnalysis.recommendations);
  // 9 × 3 + 5 × 2 − 5.
  expect(output.recommendations[0]?.priority_score).toBe(32);
});

describe("sources", () => {
  test("an id that the data does not contain is removed", () => {
    const made = {
      ...first,
      source_id: SAMPLE_IDS.foreign,
      source_name: "Nothing",
      metrics_affected: [],
    };

    const { output, findings } = finishWith([made, second]);

    expect(output.recommendations[0]?.source_id).toBeNull();
    expect(findings).toContainEqual(
      expect.objectContaining({ path: "recommendations[0].source_id", fixed: true }),
    );
  });

  test("an exact name brings its id, and an id its name and type", () => {
    const named = { ...first, source_id: null, source_name: "the January letter" };
    const typed = { ...first, source_type: "channel" as const, source_name: "January" };

    for (const given of [named, typed]) {
      expect(finishWith([given, second]).output).toEqual(sampleAnalysis);
    }
  });
});

describe("numbers", () => {
  const withMetric = (metric: Recommendation["metrics_affected"][number]) => ({
    ...first,
    metrics_affected: [metric],
  });
  const metric = {
    metric: "Revenue",
    current_value: 300,
    target_value: 900,
    gap: 0,
    gap_percentage: 0,
  };

  test("a measured number is the one that was measured, and gaps are subtracted", () => {
    const { output, findings } = finishWith([
      withMetric({ ...metric, current_value: 310 }),
      second,
    ]);

    expect(output.recommendations[0]?.metrics_affected).toEqual([
      { ...metric, current_value: 300, gap: 600, gap_percentage: 66.7 },
    ]);
    expect(findings).toMatchObject([
      { kind: "number", path: "recommendations[0].metrics_affected[0]", fixed: true },
    ]);
  });

  test("a rate keeps the unit of its target", () => {
    const ctr = { ...metric, metric: "click-through rate" };
    const currentOf = (current_value: number, target_value: number) =>
      finishWith([withMetric({ ...ctr, current_value, target_value }), second]).output
        .recommendations[0]?.metrics_affected[0]?.current_value;

    expect(currentOf(2.1, 3)).toBe(2);
    expect(currentOf(0.021, 0.03)).toBe(0.02);
  });

  test("a gap to a target of zero has no percentage", () => {
    const { output } = finishWith([withMetric({ ...metric, target_value: 0 }), second]);

    expect(output.recommendations[0]?.metrics_affected).toMatchObject([
      { gap: -300, gap_percentage: null },
    ]);
  });

  test("a number that the data does not contain is a finding, in a text and in a metric", () => {
    const invented = { ...first, description: "Revenue fell from 900 to 412." };
    const made = {
      ...second,
      metrics_affected: [{ ...metric, metric: "Fans", current_value: 777 }],
    };

    expect(openOf(finishWith([invented, second]))).toEqual([
      ["number", "recommendations[0].description"],
    ]);
    expect(openOf(finishWith([first, made]))).toEqual([
      ["number", "recommendations[1].metrics_affected[0].current_value"],
    ]);
  });

  test("a share may be said in words that round it, and a wrong one is a doubt", () => {
    const by_campaign = context.metrics.by_campaign.map((one) => ({ ...one, share_of_cost: 45.7 }));
    const known = { ...context, metrics: { ...context.metrics, by_campaign } };
    const findingsOf = (share: string) =>
      finishWith([{ ...first, description: `It takes ${share} of all cost.` }, second], known)
        .findings;

    expect(["46 %", "45.7%", "45,7 Prozent"].flatMap(findingsOf)).toEqual([]);
    expect(findingsOf("48 %")).toMatchObject([{ kind: "number", grade: "doubt" }]);
  });

  test("numbers may be rounded, and fractions written in percent", () => {
    const description = "CTR is 2 %, the conversion rate 6.3 %, ROAS 1.36, and revenue fell 67 %.";

    expect(openOf(finishWith([{ ...first, description }, second]))).toEqual([]);
  });
});

describe("a fall by more than half", () => {
  test("makes a recommendation about it critical", async () => {
    const conversions = {
      metric: "conversions",
      current_value: 30,
      target_value: 90,
      gap: 60,
      gap_percentage: 66.7,
    };
    const given = { ...first, metrics_affected: [conversions], description: "They fell." };

    const { output, findings } = finishWith([given, second], await fallen());

    expect(output.recommendations[0]?.severity).toBe("critical");
    expect(findings).toContainEqual(
      expect.objectContaining({ path: "recommendations[0].severity", fixed: true }),
    );
  });

  test("is not healthy, and needs an answer", async () => {
    const context = await fallen();
    const given = {
      ...sampleAnalysis,
      analysis_summary: { ...sampleAnalysis.analysis_summary, overall_health: "healthy" as const },
      recommendations: [second],
    };

    expect(openOf(finishAnalysis(given, context))).toEqual([
      ["number", "analysis_summary.overall_health"],
      ["missing", "recommendations"],
    ]);
  });
});

test("repeated ids are replaced, repeated titles are findings", () => {
  const result = finishWith([first, { ...first, priority_score: 0 }]);

  expect(result.output.recommendations.map((one) => one.recommendation_id)).toEqual(["R1", "R2"]);
  expect(openOf(result)).toEqual([["duplicate", "recommendations[1].title"]]);
});

test("a recommendation without an action is a finding", () => {
  expect(openOf(finishWith([{ ...first, suggested_actions: [] }, second]))).toEqual([
    ["missing", "recommendations[0].suggested_actions"],
  ]);
});

test("next steps are numbered from 1 in their order", () => {
  const [step] = sampleAnalysis.next_steps;
  if (!step) throw new Error("The sample has a next step.");
  const next_steps = [
    { ...step, priority: 7 },
    { ...step, step: "First", priority: 0 },
  ];

  const { output } = finishAnalysis({ ...sampleAnalysis, next_steps }, context);

  expect(output.next_steps.map(({ step, priority }) => [step, priority])).toEqual([
    ["First", 1],
    [step.step, 2],
  ]);
});

describe("the summary", () => {
  const summary = sampleAnalysis.analysis_summary;
  const finishSummary = (of: Partial<typeof summary>, known = context) =>
    finishAnalysis({ ...sampleAnalysis, analysis_summary: { ...summary, ...of } }, known);

  test("contains the day and the period of the analysis", () => {
    const { output } = finishSummary({ analysis_date: "2025-01-01", period_analyzed: "a month" });

    expect(output).toEqual(sampleAnalysis);
  });

  test("has a top performer that was measured, with its value", () => {
    const performer = {
      type: "campaign" as const,
      name: "the january letter",
      key_metric: "ROAS",
      value: 9,
    };

    expect(
      finishSummary({ top_performer: performer }).output.analysis_summary.top_performer,
    ).toEqual({
      ...performer,
      name: "The January letter",
      value: 1.3636,
    });
    expect(openOf(finishSummary({ top_performer: { ...performer, name: "TikTok" } }))).toEqual([
      ["reference", "analysis_summary.top_performer"],
    ]);
  });

  test("is unknown if nothing was measured", async () => {
    const source = sampleSource({ ...SAMPLE_ROWS, cmo_metrics_snapshots: [] });
    const unmeasured = await readOptimizationAnalystContext(source, inputSchema.parse({}));

    const { output } = finishSummary({ overall_health: "healthy" }, unmeasured);

    expect(output.analysis_summary).toMatchObject({
      overall_health: "needs_attention",
      top_performer: null,
    });
  });
});
