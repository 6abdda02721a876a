import { expect, test } from "vitest";
import { SAMPLE_IDS, SAMPLE_ROWS, sampleChannel } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleAnalysis } from "../../test/samples/optimization-analyst.ts";
import { readOptimizationAnalystContext } from "./context.ts";
import { finishAnalysis } from "./finish.ts";
import { inputSchema, type OptimizationAnalystOutput } from "./schema.ts";

type Recommendation = OptimizationAnalystOutput["recommendations"][number];

const context = await readOptimizationAnalystContext(sampleSource(), inputSchema.parse({}));

const [first] = sampleAnalysis.recommendations;
if (!first) throw new Error("The sample has a recommendation.");
const sourceless = { ...first, title: "Another", source_id: null, metrics_affected: [] };

/** The open findings of a second recommendation with this source. */
function openOf(source: Partial<Recommendation>, known = context) {
  const recommendations = [first ?? sourceless, { ...sourceless, ...source }];
  const { findings } = finishAnalysis({ ...sampleAnalysis, recommendations }, known);
  return findings
    .filter(({ fixed, path }) => !fixed && path.startsWith("recommendations[1]"))
    .map(({ kind, path }) => [kind, path]);
}

const UNKNOWN = [["reference", "recommendations[1].source_name"]];

test("an unknown campaign is a finding, with or without an invented id", () => {
  expect(openOf({ source_name: "Black Friday Push" })).toEqual(UNKNOWN);
  expect(openOf({ source_name: "Black Friday Push", source_id: "c-9" })).toEqual(UNKNOWN);
});

test("a channel may be one of a campaign, of the plan or of a stage, in any spelling", async () => {
  const rows = { ...SAMPLE_ROWS, cmo_campaign_channels: [sampleChannel("c1", "Instagram", 100)] };
  const input = inputSchema.parse({ planId: SAMPLE_IDS.plan, funnelId: SAMPLE_IDS.funnel });
  const known = await readOptimizationAnalystContext(sampleSource(rows), input);
  const openFor = (source_name: string) => openOf({ source_type: "channel", source_name }, known);

  for (const name of ["Instagram ads", "E-Mail", "LinkedIn"]) expect(openFor(name)).toEqual([]);
  expect(openFor("TikTok")).toEqual(UNKNOWN);
});

test("a funnel may be known by the name of its stage", async () => {
  const input = inputSchema.parse({ funnelId: SAMPLE_IDS.funnel });
  const known = await readOptimizationAnalystContext(sampleSource(), input);

  expect(openOf({ source_type: "funnel", source_name: "sees the winter gap" }, known)).toEqual([]);
  expect(openOf({ source_type: "funnel", source_name: "The main one" }, known)).toEqual(UNKNOWN);
});

test("a name that two campaigns share is known, but ambiguous", async () => {
  const cmo_campaigns = (SAMPLE_ROWS.cmo_campaigns ?? []).map((row) => ({
    ...row,
    campaign_name: "Twin",
  }));
  const source = sampleSource({ ...SAMPLE_ROWS, cmo_campaigns });
  const known = await readOptimizationAnalystContext(source, inputSchema.parse({}));

  expect(openOf({ source_name: "Twin" }, known)).toEqual([]);
});

test("a source without a name, or of a type without rows, is not checked", () => {
  expect(openOf({ source_name: "" })).toEqual([]);
  expect(openOf({ source_type: "funnel", source_name: "The main one" })).toEqual([]);
  expect(openOf({ source_type: "audience", source_name: "Night clerks" })).toEqual([]);
});

test("the biggest opportunity is held to the same names, in whatever way its type is written", () => {
  const openFor = (type: string, name: string) => {
    const opportunity = { type, name, potential_lift: "15 %" };
    const summary = { ...sampleAnalysis.analysis_summary, biggest_opportunity: opportunity };
    const { findings } = finishAnalysis({ ...sampleAnalysis, analysis_summary: summary }, context);
    return findings.filter(({ fixed }) => !fixed).map(({ kind, path }) => [kind, path]);
  };

  expect(openFor("Campaign", "Black Friday Push")).toEqual([
    ["reference", "analysis_summary.biggest_opportunity.name"],
  ]);
  expect(openFor("campaign", "spring webinar")).toEqual([]);
  expect(openFor("audience", "Night clerks")).toEqual([]);
});
