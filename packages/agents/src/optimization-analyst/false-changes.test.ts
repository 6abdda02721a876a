import { describe, expect, test } from "vitest";
import { SAMPLE_ROWS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleAnalysis } from "../../test/samples/optimization-analyst.ts";
import { readOptimizationAnalystContext } from "./context.ts";
import { falseChanges } from "./false-changes.ts";
import { inputSchema } from "./schema.ts";
import { sourcesOf } from "./sources.ts";

/** One day in each period: clicks fell by 50 % and revenue by 66.7 %; impressions did not change. */
const cmo_metrics_snapshots = SAMPLE_ROWS.cmo_metrics_snapshots?.slice(0, 2) ?? [];
const source = sampleSource({ ...SAMPLE_ROWS, cmo_metrics_snapshots });
const context = await readOptimizationAnalystContext(source, inputSchema.parse({}));
const known = { context, sources: sourcesOf(context) };
const [first] = sampleAnalysis.recommendations;
if (!first) throw new Error("The sample has a recommendation.");

const findingsOf = (description: string, change: object = {}) =>
  falseChanges([{ ...first, title: "A title", description, ...change }], known);

describe("a change that the data shows is no finding", () => {
  test.each([
    "Clicks fell by 60 %, and revenue dropped.",
    "Die Klicks sind um 60 % gefallen, während der Umsatz sank.",
    "Les clics ont baissé, et les revenus ont chuté.",
    "Los clics bajaron y los ingresos cayeron.",
    "If clicks rise again, revenue will follow.",
    "Clicks rose where revenue fell.",
    "The number of readers rose.",
  ])("%s", (description) => {
    expect(findingsOf(description)).toEqual([]);
  });
});

describe("a change that the data contradicts is a doubt", () => {
  test.each([
    "Revenue fell, but clicks rose by 60 %.",
    "Der Umsatz stieg von 300 auf 900 Euro.",
    "Le taux de clic est en baisse. Les clics ont augmenté de 60 %.",
    "Los ingresos subieron un 83,3 %.",
    "Impressions grew by 4 %.",
  ])("%s", (description) => {
    expect(findingsOf(description)).toMatchObject([
      { kind: "number", path: "recommendations[0].description", grade: "doubt" },
    ]);
  });
});

test("without a source of its own, a statement is about all campaigns", () => {
  const ofNone = { source_id: null, source_name: "", source_type: "audience" };

  expect(findingsOf("Clicks rose.", ofNone)).toHaveLength(1);
  expect(findingsOf("Clicks fell.", ofNone)).toEqual([]);
});

test("where periods cannot be compared, nothing is contradicted", () => {
  const totals = { ...context.metrics.totals, change_percent: null };
  const metrics = { ...context.metrics, totals, by_campaign: [], by_channel: [] };

  expect(
    falseChanges([{ ...first, description: "Clicks rose." }], {
      ...known,
      context: { ...context, metrics },
    }),
  ).toEqual([]);
});
