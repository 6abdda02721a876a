import { expect, test } from "vitest";
import { SAMPLE_ROWS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleFunnel } from "../../test/samples/funnel-architect.ts";
import { readFunnelArchitectContext } from "./context.ts";
import { finishFunnel } from "./finish.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

type Stage = FunnelArchitectOutput["stages"][number];

const context = await readFunnelArchitectContext(sampleSource(), {});

const openOf = (answer: FunnelArchitectOutput, known = context) =>
  finishFunnel(answer, known)
    .findings.filter(({ fixed }) => !fixed)
    .map(({ kind, path }) => [kind, path]);

const withStage = (at: number, change: Partial<Stage>): FunnelArchitectOutput => ({
  ...sampleFunnel,
  stages: sampleFunnel.stages.map((stage, i) => (i === at ? { ...stage, ...change } : stage)),
});

const withFunnel = (change: Partial<FunnelArchitectOutput["funnel"]>): FunnelArchitectOutput => ({
  ...sampleFunnel,
  funnel: { ...sampleFunnel.funnel, ...change },
});

test("the stages that every funnel has are there, in their order", () => {
  expect(openOf(withStage(1, { stage_type: "advocacy" }))).toEqual([
    ["missing", "stages"],
    ["order", "stages[2].stage_type"],
  ]);
});

test.each([
  ["kpis", "missing", { kpis: [] }],
  ["campaign_types", "missing", { campaign_types: [] }],
  ["target_icps", "missing", { target_icps: [] }],
  ["linked_offers", "missing", { linked_offers: [] }],
  ["entry_criteria", "missing", { entry_criteria: "" }],
  ["exit_criteria", "missing", { exit_criteria: "" }],
  ["stage_name", "duplicate", { stage_name: "sees the GAP" }],
  ["target_icps", "reference", { target_icps: ["Bakers"] }],
  ["linked_offers", "reference", { linked_offers: ["Bread"] }],
  ["objective", "claim", { objective: "As seen in the papers" }],
] as const)("a stage's %s is asked about when it is %s", (member, kind, change) => {
  expect(openOf(withStage(1, structuredClone<object>(change)))).toEqual([
    [kind, `stages[1].${member}`],
  ]);
});

test("a title of content contains no invented number", () => {
  const [asset] = sampleFunnel.stages[0]?.content_assets ?? [];
  if (!asset) throw new Error("The sample has an asset.");
  const titled = (title: string) => withStage(0, { content_assets: [{ ...asset, title }] });

  expect(openOf(titled("How to save 1,234 € a winter"))).toEqual([
    ["claim", "stages[0].content_assets[0].title"],
  ]);
  expect(openOf(titled("All of it from 59 € a month"))).toEqual([]);
});

test("revenue follows from buyers and prices, where these are known", async () => {
  expect(openOf(withFunnel({ expected_revenue: 900_000 }))).toEqual([
    ["number", "funnel.expected_revenue"],
  ]);
  expect(openOf(withFunnel({ expected_revenue: 14 * 59 }))).toEqual([]);
  const [offer] = SAMPLE_ROWS.cmo_offers ?? [];
  if (!offer) throw new Error("The sample has an offer.");
  for (const price_range of [null, {}, { min: 5, max: 9, currency: "USD" }]) {
    const source = sampleSource({ ...SAMPLE_ROWS, cmo_offers: [{ ...offer, price_range }] });
    const known = await readFunnelArchitectContext(source, {});
    expect(openOf(withFunnel({ expected_revenue: 900_000 }), known)).toEqual([]);
  }
});

test("a price for each user or piece is paid many times by one buyer", async () => {
  const [offer] = SAMPLE_ROWS.cmo_offers ?? [];
  if (!offer) throw new Error("The sample has an offer.");
  const knownFor = (pricing_model: string) => {
    const price_range = { min: 4.9, max: 6.9, currency: "EUR" };
    const cmo_offers = [{ ...offer, pricing_model, price_range }];
    return readFunnelArchitectContext(sampleSource({ ...SAMPLE_ROWS, cmo_offers }), {});
  };
  const openFor = async (pricing_model: string, expected_revenue: number) =>
    openOf(withFunnel({ expected_revenue }), await knownFor(pricing_model));

  expect(await openFor("pro Mitarbeitendem und Monat", 15_912)).toEqual([]);
  expect(await openFor("per user", 900_000)).toHaveLength(1);
  expect(await openFor("per month", 15_912)).toHaveLength(1);
});

test("a funnel without a first volume and a stage without a rate are open findings", () => {
  expect(openOf(withStage(0, { expected_volume: 0 }))).toEqual([
    ["missing", "stages[0].expected_volume"],
  ]);
  expect(openOf(withStage(2, { conversion_rate_target: 0 }))).toEqual([
    ["missing", "stages[2].conversion_rate_target"],
  ]);
});

test("without known segments and offers, a funnel names none", async () => {
  const { cmo_brand_profiles = [] } = SAMPLE_ROWS;
  const bare = await readFunnelArchitectContext(sampleSource({ cmo_brand_profiles }), {});
  const { output, findings } = finishFunnel(sampleFunnel, bare);

  expect(output.funnel.target_icp_segments).toEqual([]);
  expect(output.stages.flatMap((stage) => stage.linked_offers)).toEqual([]);
  expect(findings.every(({ fixed }) => fixed)).toBe(true);
});
