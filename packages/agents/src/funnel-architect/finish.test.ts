import { expect, test } from "vitest";
import { SAMPLE_IDS, SAMPLE_ROWS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleFunnel } from "../../test/samples/funnel-architect.ts";
import { readFunnelArchitectContext } from "./context.ts";
import { finishFunnel } from "./finish.ts";
import { type FunnelArchitectOutput, inputSchema } from "./schema.ts";

const context = await readFunnelArchitectContext(sampleSource(), inputSchema.parse({}));

type Stage = FunnelArchitectOutput["stages"][number];

const withStages = (change: (stage: Stage, index: number) => Partial<Stage>) => ({
  ...sampleFunnel,
  stages: sampleFunnel.stages.map((stage, i) => ({ ...stage, ...change(stage, i) })),
});

test("a valid funnel stays unchanged, without a finding", () => {
  expect(finishFunnel(sampleFunnel, context)).toEqual({ output: sampleFunnel, findings: [] });
});

test("stages come in order and count from one", () => {
  const given = withStages((stage) => ({ stage_order: stage.stage_order * 10 }));

  const { output } = finishFunnel({ ...given, stages: given.stages.toReversed() }, context);

  expect(output.stages).toEqual(sampleFunnel.stages);
});

test("rates in percent become fractions, and volumes whole people", () => {
  const given = withStages((stage) => ({
    conversion_rate_target: stage.conversion_rate_target * 100,
    expected_volume: stage.expected_volume + 0.4,
  }));
  given.funnel = { ...given.funnel, expected_conversion_rate: 2.4 };

  const { output, findings } = finishFunnel(given, context);

  expect(output.stages.map((stage) => stage.conversion_rate_target)).toEqual([0.04, 0.3, 0.2]);
  expect(output.stages.map((stage) => stage.expected_volume)).toEqual([6000, 240, 72]);
  expect(output.funnel.expected_conversion_rate).toBe(0.0024);
  expect(findings).toHaveLength(3);
  expect(findings.every((finding) => finding.fixed)).toBe(true);
});

test("the rate of the whole is the product of the stages' rates up to conversion", () => {
  const rateFor = (given: number) => {
    const funnel = { ...sampleFunnel.funnel, expected_conversion_rate: given };
    return finishFunnel({ ...sampleFunnel, funnel }, context).output.funnel
      .expected_conversion_rate;
  };

  expect(rateFor(0.24)).toBe(0.0024);
  expect(rateFor(24)).toBe(0.0024);
  // Rounded by its author, within the tolerance.
  expect(rateFor(0.00242)).toBe(0.00242);
});

test("a stage is entered by those who went on from the one before", () => {
  const { output, findings } = finishFunnel(
    withStages((stage, i) => (i === 1 ? { expected_volume: 300 } : stage)),
    context,
  );

  expect(output.stages.map((stage) => stage.expected_volume)).toEqual([6000, 240, 72]);
  expect(findings).toMatchObject([{ path: "stages[1].expected_volume", fixed: true }]);
});

test("a volume that is far from the rate before it stays, and is an open finding", () => {
  const { output, findings } = finishFunnel(
    withStages((stage, i) => (i === 1 ? { expected_volume: 3000 } : stage)),
    context,
  );

  expect(output.stages.map((stage) => stage.expected_volume)).toEqual([6000, 3000, 72]);
  expect(findings).toMatchObject([
    { path: "stages[1].expected_volume", fixed: false },
    { path: "stages[2].expected_volume", fixed: false },
  ]);
});

test("one rate in percent changes neither the other rates nor the volumes", () => {
  const volumes = [2500, 150, 60];
  const rates = [0.06, 0.4, 50];

  const { output, findings } = finishFunnel(
    withStages((_, i) => ({
      expected_volume: volumes[i] ?? 0,
      conversion_rate_target: rates[i] ?? 0,
    })),
    context,
  );

  expect(output.stages.map((stage) => stage.conversion_rate_target)).toEqual([0.06, 0.4, 0.5]);
  expect(output.stages.map((stage) => stage.expected_volume)).toEqual(volumes);
  expect(findings.every(({ fixed }) => fixed)).toBe(true);
});

test("if nobody leaves a stage, nobody enters the next one", () => {
  const { output } = finishFunnel(
    withStages((_, i) =>
      i === 0 ? { expected_volume: 20, conversion_rate_target: 0.02 } : { expected_volume: 0 },
    ),
    context,
  );

  expect(output.stages.map((stage) => stage.expected_volume)).toEqual([20, 0, 0]);
});

test("a rate that was left out follows from the volumes around it", () => {
  const { output, findings } = finishFunnel(
    withStages((_, i) => (i === 0 ? { conversion_rate_target: 0 } : {})),
    context,
  );

  expect(output.stages[0]?.conversion_rate_target).toBe(0.04);
  expect(findings.every(({ fixed }) => fixed)).toBe(true);
});

test("the stages' budgets sum to the funnel's", () => {
  const { output } = finishFunnel(
    withStages(() => ({ budget_allocation: 1000 })),
    context,
  );

  expect(output.stages.map((stage) => stage.budget_allocation)).toEqual([2667, 2667, 2666]);
});

test("a funnel without a budget has what its stages need", () => {
  const { output } = finishFunnel(
    { ...sampleFunnel, funnel: { ...sampleFunnel.funnel, total_budget: 0 } },
    context,
  );

  expect(output.funnel.total_budget).toBe(8000);
});

test("stages without budgets have what their campaigns cost, in proportion", () => {
  const [type] = sampleFunnel.stages[0]?.campaign_types ?? [];
  if (!type) throw new Error("The sample has a kind of campaign.");
  const costs = [2000, 3000, 0];

  const { output } = finishFunnel(
    withStages((_, i) => ({
      budget_allocation: 0,
      campaign_types: [{ ...type, estimated_cost: costs[i] ?? 0 }],
    })),
    context,
  );

  expect(output.funnel.total_budget).toBe(8000);
  expect(output.stages.map((stage) => stage.budget_allocation)).toEqual([3200, 4800, 0]);
  expect(output.stages.map((stage) => stage.campaign_types[0]?.estimated_cost)).toEqual(costs);
});

test("a funnel without any budget has what its campaigns cost", () => {
  const given = withStages(() => ({ budget_allocation: 0 }));
  given.funnel = { ...given.funnel, total_budget: 0 };

  const { output } = finishFunnel(given, context);

  expect(output.funnel.total_budget).toBe(4500);
  expect(output.stages.map((stage) => stage.budget_allocation)).toEqual([1500, 1500, 1500]);
});

test("a budget without any shares or amounts is an open finding", () => {
  const { output, findings } = finishFunnel(
    withStages(({ campaign_types }) => ({
      budget_allocation: 0,
      campaign_types: campaign_types.map((type) => ({ ...type, estimated_cost: 0 })),
    })),
    context,
  );

  expect(output.funnel.total_budget).toBe(8000);
  expect(findings).toMatchObject([{ kind: "missing", path: "stages", fixed: false }]);
});

test("without a requested type, the model chooses it", () => {
  const sales: FunnelArchitectOutput = {
    ...sampleFunnel,
    funnel: { ...sampleFunnel.funnel, funnel_type: "sales" },
  };

  expect(finishFunnel(sales, context)).toEqual({ output: sales, findings: [] });
});

test("the funnel is of the type that was asked for", async () => {
  const asked = await readFunnelArchitectContext(sampleSource(), { funnelType: "product" });

  expect(finishFunnel(sampleFunnel, asked).output.funnel.funnel_type).toBe("product");
});

test("a funnel within a plan keeps to the plan's budget, segments and offers", async () => {
  const [plan] = SAMPLE_ROWS.cmo_marketing_plans ?? [];
  if (!plan) throw new Error("The sample has a plan.");
  const small = { ...plan, budget_allocation: { total_budget: 4000, currency: "EUR" } };
  const source = sampleSource({ ...SAMPLE_ROWS, cmo_marketing_plans: [small] });
  const asked = await readFunnelArchitectContext(source, { planId: SAMPLE_IDS.plan });
  const funnel = { ...sampleFunnel.funnel, target_icp_segments: ["Small hotel groups"] };

  const { output, findings } = finishFunnel({ ...sampleFunnel, funnel }, asked);

  expect(output.funnel.total_budget).toBe(4000);
  expect(output.stages.map((stage) => stage.budget_allocation)).toEqual([1500, 1500, 1000]);
  expect(findings).toContainEqual(
    expect.objectContaining({ kind: "asked", path: "funnel.target_icp_segments", fixed: false }),
  );
});
