import { expect, test } from "vitest";
import { sampleSource } from "../../test/sample-source.ts";
import { samplePlan } from "../../test/samples/plan-90day.ts";
import { readPlan90DayContext } from "./context.ts";
import { finishPlan } from "./finish.ts";
import type { Plan90DayAnswer } from "./schema.ts";

const context = await readPlan90DayContext(sampleSource(), { budget: 9000 });
const [first, second, ...rest] = samplePlan.milestones;
if (!(first && second)) throw new Error("The sample has milestones.");

const openOf = (change: Partial<Plan90DayAnswer>) =>
  finishPlan({ ...samplePlan, ...change }, context)
    .findings.filter(({ fixed }) => !fixed)
    .map(({ kind, path }) => [kind, path]);

test("there are 8 to 12 milestones, some in each month", () => {
  expect(openOf({ milestones: samplePlan.milestones.slice(0, 3) })).toEqual([
    ["missing", "milestones"],
    ["date", "milestones"],
  ]);
  const many = Array.from({ length: 13 }, (_, i) => ({
    ...first,
    label: `Milestone ${i}`,
    target_date: samplePlan.milestones[i % 8]?.target_date ?? first.target_date,
  }));
  expect(openOf({ milestones: many })).toEqual([["length", "milestones"]]);
});

test("milestones have names of their own and depend on earlier ones", () => {
  expect(
    openOf({ milestones: [{ ...first, dependencies: [second.label] }, second, ...rest] }),
  ).toEqual([["order", "milestones[0].dependencies"]]);
  expect(openOf({ milestones: [first, { ...second, label: first.label }, ...rest] })).toEqual([
    ["duplicate", "milestones[1].label"],
  ]);
  expect(
    openOf({ milestones: [first, { ...second, dependencies: [first.label] }, ...rest] }),
  ).toEqual([]);
  expect(
    openOf({ milestones: [first, { ...second, dependencies: ["A new office"] }, ...rest] }),
  ).toEqual([["reference", "milestones[1].dependencies"]]);
});

test("a plan is checked each week at first, then every second one", () => {
  const weekly_checkpoints = samplePlan.weekly_checkpoints.filter(({ week }) => week !== 3);

  expect(openOf({ weekly_checkpoints })).toEqual([["missing", "weekly_checkpoints"]]);
});

test("each channel is in the mix once, with a share", () => {
  const [email] = samplePlan.channel_mix;
  if (!email) throw new Error("The sample has a channel.");

  expect(openOf({ channel_mix: [email, { ...email, channel: "E-Mail" }] })).toEqual([
    ["duplicate", "channel_mix[1].channel"],
  ]);
  expect(openOf({ channel_mix: [{ ...email, budget_percentage: 0 }] })).toEqual([
    ["sum", "channel_mix"],
  ]);
});

test("a budget is broken down", () => {
  const budget_allocation = { ...samplePlan.budget_allocation, breakdown: [] };

  expect(openOf({ budget_allocation })).toEqual([["missing", "budget_allocation.breakdown"]]);
});

test("a plan names its segments and offers, with a readable name and summary", () => {
  expect(openOf({ target_icp_segments: [], target_offers: [] })).toEqual([
    ["missing", "target_icp_segments"],
    ["missing", "target_offers"],
  ]);
  expect(openOf({ plan_name: "x".repeat(121), executive_summary: "y ".repeat(800) })).toEqual([
    ["length", "plan_name"],
    ["length", "executive_summary"],
  ]);
});

test("what is a matter of taste is a doubt", () => {
  const [last] = samplePlan.milestones.slice(-1);
  if (!last) throw new Error("The sample has milestones.");
  const more = Array.from({ length: 8 }, (_, i) => ({ ...last, label: `More ${i}` }));
  const gradesOf = (change: Partial<Plan90DayAnswer>) =>
    finishPlan({ ...samplePlan, ...change }, context)
      .findings.filter(({ kind }) => kind === "length")
      .map(({ path, grade }) => [path, grade]);

  expect(gradesOf({ executive_summary: "y ".repeat(800) })).toEqual([
    ["executive_summary", "doubt"],
  ]);
  expect(gradesOf({ milestones: [...samplePlan.milestones, ...more] })).toEqual([
    ["milestones", "doubt"],
  ]);
  expect(gradesOf({ plan_name: "x".repeat(121) })).toEqual([["plan_name", undefined]]);
});

test("a plan contains no unproven claims, and its titles no invented numbers", () => {
  const month = samplePlan.month_2_plan;
  const content_pieces = month.content_pieces.map((piece) => ({
    ...piece,
    title: "Save 37 % of your evenings",
  }));

  expect(openOf({ executive_summary: "Trusted by over 500 hotels, we grow." })).toEqual([
    ["claim", "executive_summary"],
  ]);
  expect(openOf({ month_2_plan: { ...month, content_pieces } })).toEqual([
    ["claim", "month_2_plan.content_pieces[0].title"],
  ]);
});
