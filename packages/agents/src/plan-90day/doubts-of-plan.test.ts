import { expect, test } from "vitest";
import { sampleSource } from "../../test/sample-source.ts";
import { samplePlan } from "../../test/samples/plan-90day.ts";
import { readPlan90DayContext } from "./context.ts";
import { finishPlan } from "./finish.ts";
import { inputSchema, type Plan90DayAnswer } from "./schema.ts";

async function doubts(payload: object, changed: Partial<Plan90DayAnswer> = {}) {
  const read = await readPlan90DayContext(sampleSource(), inputSchema.parse(payload));
  const competitors = [{ name: "Spreadsheet Star", notes: "" }];
  const context = { ...read, brand: { ...read.brand, competitors } };
  const { findings } = finishPlan({ ...samplePlan, ...changed }, context);
  return findings.filter(({ grade }) => grade === "doubt").map(({ path }) => path);
}

const total = samplePlan.budget_allocation.total_budget;
const summary = samplePlan.executive_summary;

test("a plan that does what was asked is not doubted", async () => {
  expect(await doubts({})).toEqual([]);
  const beside = `${samplePlan.executive_summary} Harbor Ledger is simpler than Spreadsheet Star.`;
  expect(await doubts({}, { executive_summary: beside })).toEqual([]);
  expect(await doubts({ prompt: `At most ${total} EUR, no TikTok` })).toEqual([]);
});

test.each([
  [
    "the limit of money in words",
    { prompt: `At most ${total - 1} EUR` },
    {},
    "budget_allocation.total_budget",
  ],
  [
    "what is not wanted",
    { constraints: "Keine E-Mails." },
    {},
    "month_1_plan.campaigns[0].channels[0]",
  ],
  [
    "days on which nothing happens",
    { constraints: { timeframe: "Nothing in March" } },
    {},
    "milestones[0].target_date",
  ],
  [
    "an amount of the summary that is none of the plan",
    {},
    { executive_summary: `${summary} It costs EUR 987,654.` },
    "executive_summary",
  ],
  [
    "a measured number that nobody has measured",
    {},
    { primary_objectives: samplePlan.primary_objectives.map((one) => ({ ...one, baseline: 987 })) },
    "primary_objectives[0].baseline",
  ],
  [
    "a rival in the place of the brand",
    {},
    { executive_summary: "In 90 days Spreadsheet Star sells it to all of them." },
    "executive_summary",
  ],
  [
    "another language",
    {},
    {
      executive_summary:
        "In den neunzig Tagen gewinnen wir mit der Kampagne neue Kunden, und die Häuser planen ihre Zahlen besser.",
    },
    "executive_summary",
  ],
])("%s is a doubt", async (_what, payload, changed, path) => {
  expect(await doubts(payload, changed)).toContain(path);
});

test("a baseline that was measured, as the prompt shows it, is not doubted", async () => {
  const primary_objectives = samplePlan.primary_objectives.map((one) => ({
    ...one,
    baseline: 360,
  }));

  expect(await doubts({}, { primary_objectives })).not.toContain("primary_objectives[0].baseline");
});
