/** A request changes the prompt, and the plan is checked against it. */
import { expect, test } from "vitest";
import { SAMPLE_ROWS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { samplePlan } from "../../test/samples/plan-90day.ts";
import { readPlan90DayContext } from "./context.ts";
import { finishPlan } from "./finish.ts";
import { planPrompt } from "./prompt.ts";
import { inputSchema, type Plan90DayAnswer } from "./schema.ts";

async function finish(payload: object, plan: Plan90DayAnswer = samplePlan, rows = SAMPLE_ROWS) {
  const context = await readPlan90DayContext(sampleSource(rows), inputSchema.parse(payload));
  return finishPlan(plan, context);
}

async function requestFor(payload: object) {
  const input = inputSchema.parse(payload);
  const [, user] = planPrompt(input, await readPlan90DayContext(sampleSource(), input));
  return user?.content.split('name="request"')[1];
}

test.each([
  { primaryGoal: "Fill the winter" },
  { budget: 4321 },
  { targetMetrics: { revenue: 98765 } },
  { constraints: { channels: ["radio"] } },
  { constraints: { timeframe: "no launches in April" } },
  { constraints: "only what two people can do" },
  { focusAreas: ["Community Building"] },
  { startDate: "2026-07-01" },
  { prompt: "Bring old guests back" },
])("the prompt contains %j", async (payload) => {
  const wishes = JSON.stringify(Object.values(payload)[0]).match(/[\w][\w -]*[\w]/g) ?? [];
  const request = await requestFor(payload);

  for (const words of wishes) expect(request).toContain(words);
});

test("a plan starts on the day that was asked for and ends 90 days later", async () => {
  const { output } = await finish({ startDate: "2026-12-20" });

  expect([output.start_date, output.end_date]).toEqual(["2026-12-20", "2027-03-20"]);
  expect(output.milestones.map(({ target_date }) => target_date).at(0)).toBe("2026-12-28");
});

test("a channel that is not allowed is one open finding, wherever it is", async () => {
  const [email, linkedin] = samplePlan.channel_mix;
  if (!(email && linkedin)) throw new Error("The sample has two channels.");
  const plan = { ...samplePlan, channel_mix: [email, { ...linkedin, channel: "Instagram" }] };

  const { findings } = await finish({ constraints: { channels: ["E-Mail", "LinkedIn"] } }, plan);

  expect(findings).toMatchObject([{ kind: "asked", path: "channel_mix[1].channel", fixed: false }]);
  expect(findings[0]?.message).toContain("“Instagram”");
  const { findings: inMonths } = await finish({ constraints: { channels: ["email"] } });
  expect(inMonths).toMatchObject([{ kind: "asked", fixed: false }]);
});

test("a focus area that is in no month is an open finding", async () => {
  const { findings } = await finish({ focusAreas: ["Lead Generation", "Product Launch"] });

  expect(findings).toMatchObject([{ kind: "asked", fixed: false }]);
  expect(findings[0]?.message).toContain("“Product Launch”");
});

test("a target that was asked for is a metric of the plan, with its number", async () => {
  const { output, findings } = await finish({ targetMetrics: { trials: 200, mqls: "250" } });

  expect(output.key_metrics).toMatchObject([
    { metric_name: "Trials", target_value: 200 },
    { metric_name: "mqls", target_value: "250" },
  ]);
  expect(findings.map(({ kind, fixed }) => [kind, fixed])).toEqual([
    ["asked", true],
    ["asked", true],
  ]);
  expect(output.plan.kpis.map(({ target }) => target)).toEqual([200, "250"]);
});

test.each([
  [12, ["Revenue per visitor", "revenue"]],
  [98_765, ["Revenue per visitor"]],
  ["98765", ["Revenue per visitor"]],
])(
  "a metric that only sounds like a target stands for it with its number alone: %s",
  async (value, names) => {
    const [metric] = samplePlan.key_metrics;
    if (!metric) throw new Error("The sample has a metric.");
    const key_metrics = [{ ...metric, metric_name: "Revenue per visitor", target_value: value }];

    const { output, findings } = await finish(
      { targetMetrics: { revenue: 98_765 } },
      { ...samplePlan, key_metrics },
    );

    expect(output.key_metrics.map(({ metric_name }) => metric_name)).toEqual(names);
    expect(output.key_metrics[0]?.target_value).toBe(value);
    expect(output.key_metrics.at(-1)?.target_value).toEqual(names.length > 1 ? 98_765 : value);
    expect(findings).toHaveLength(names.length - 1);
  },
);

test("a goal without a metric and a metric without a target are open findings", async () => {
  const [objective] = samplePlan.primary_objectives;
  const [metric] = samplePlan.key_metrics;
  if (!(objective && metric)) throw new Error("The sample has an objective and a metric.");

  const { findings } = await finish(
    {},
    {
      ...samplePlan,
      primary_objectives: [{ ...objective, target_metric: "" }],
      key_metrics: [{ ...metric, target_value: null }],
    },
  );

  expect(findings.map(({ path, fixed }) => [path, fixed])).toEqual([
    ["primary_objectives[0].target_metric", false],
    ["key_metrics[0].target_value", false],
  ]);
});

test("an unknown segment is one open finding", async () => {
  const month = samplePlan.month_1_plan;
  const campaigns = month.campaigns.map((one) => ({ ...one, target_icp: "Bakers" }));

  const { findings } = await finish(
    {},
    {
      ...samplePlan,
      month_1_plan: { ...month, campaigns },
      target_icp_segments: ["Bakers", "independent hotel owners"],
    },
  );

  expect(findings.map(({ kind, fixed }) => [kind, fixed])).toEqual([
    ["reference", false],
    ["reference", true],
  ]);
});

test("without known segments, the lists of a plan name none", async () => {
  const rows = { ...SAMPLE_ROWS, cmo_icp_segments: [] };
  const { output, findings } = await finish({}, samplePlan, rows);

  expect(output.target_icp_segments).toEqual([]);
  expect(findings.every(({ kind, fixed }) => kind === "reference" && fixed)).toBe(true);
});
