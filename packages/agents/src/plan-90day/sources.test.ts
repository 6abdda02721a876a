import { describe, expect, test } from "vitest";
import { sampleSource } from "../../test/sample-source.ts";
import { samplePlan } from "../../test/samples/plan-90day.ts";
import { readPlan90DayContext } from "./context.ts";
import { inputSchema, type Plan90DayAnswer } from "./schema.ts";
import { sourcesOf } from "./sources.ts";

const held = await readPlan90DayContext(
  sampleSource(),
  inputSchema.parse({
    budget: 9000,
    targetMetrics: { trials: 120 },
    prompt: "20 % for the newsletter. We already serve 40 hotels.",
  }),
);

const sourcesAt = (path: string, plan: Plan90DayAnswer, known: object = {}) =>
  sourcesOf(plan, { ...held, ...known })
    .filter((one) => one.path === path)
    .map(({ source }) => source);

const withSummary = (executive_summary: string): Plan90DayAnswer => ({
  ...samplePlan,
  executive_summary,
});

const withMetric = (of: Partial<Plan90DayAnswer["key_metrics"][number]>): Plan90DayAnswer => ({
  ...samplePlan,
  key_metrics: samplePlan.key_metrics.map((metric, i) => (i === 0 ? { ...metric, ...of } : metric)),
});

describe("a number of a plan", () => {
  test("that the request gives is the request's, and any other target an assumption", () => {
    const target = "key_metrics[0].target_value";

    expect(sourcesAt("budget_allocation.total_budget", samplePlan)).toEqual(["request"]);
    expect(sourcesAt(target, withMetric({ target_value: 120 }))).toEqual(["request"]);
    expect(sourcesAt(target, withMetric({ target_value: 121 }))).toEqual(["assumption"]);
    // The price of the offer is no reason for a target.
    expect(sourcesAt(target, withMetric({ target_value: 59 }))).toEqual(["assumption"]);
  });

  test("of today is what was measured, and no digit of an id or a date counts as measured", () => {
    const metrics = { by_campaign: [{ campaign_id: "0b8d-77", from: "2026-03-02", clicks: 360 }] };
    const lastPlan = { key_metrics: [{ target_value: 44 }], measured_in_its_days: { clicks: 55 } };
    const measured = { metrics, lastPlan };
    const value = (current_value: number) =>
      sourcesAt("key_metrics[0].current_value", withMetric({ current_value }), { measured });

    expect(value(360)).toEqual(["metrics"]);
    expect(value(55)).toEqual(["metrics"]);
    expect(value(44)).toEqual(["assumption"]);
    expect(value(77)).toEqual(["assumption"]);
    expect(value(2026)).toEqual(["assumption"]);
  });

  test("is a share of the request only if it is a share there", () => {
    const withShare = (budget_percentage: number): Plan90DayAnswer => ({
      ...samplePlan,
      channel_mix: samplePlan.channel_mix.map((one) => ({ ...one, budget_percentage })),
    });
    const share = "channel_mix[0].budget_percentage";

    expect(sourcesAt(share, withShare(20))).toEqual(["request"]);
    expect(sourcesAt(share, withShare(40))).toEqual(["assumption"]);
  });
});

describe("a text", () => {
  const sourcesIn = (text: string) => sourcesAt("executive_summary", withSummary(text));

  test.each([
    ["the request", "We spend EUR 9,000.", ["request"]],
    ["the offer", "It costs EUR 59 a month.", ["offer"]],
    ["the offer, about the same things", "Hosts see 90 days ahead, from 59 euros.", ["offer"]],
    ["the brand", "Two to 6 houses, 5–25 people, are a group.", ["assumption", "brand"]],
    ["nobody, in a list", "Two posts and 5 letters.", ["assumption"]],
    ["nobody", "We win 33 hotels, at EUR 70 each.", ["assumption"]],
    ["two, once each", "EUR 9,000 for 31 trials and 32 demos.", ["request", "assumption"]],
    ["nobody, in words", "The award-winning forecast, trusted by leading hotels.", ["assumption"]],
    ["the offer, in words", "Guests get warnings before a gap.", []],
  ])("with a number or claim of %s", (_whose, text, sources) => {
    expect(sourcesIn(text)).toEqual(sources);
  });

  test("that another block holds about other things is an assumption", () => {
    const segments = [{ company_size: "25 people" }];
    const of = (text: string) => sourcesAt("executive_summary", withSummary(text), { segments });

    expect(of("For houses with 25 people.")).toEqual(["brand"]);
    expect(of("We win 25 hotels.")).toEqual(["assumption"]);
  });

  test.each([
    "In 90 days, from week 1 to week 13, and by 23 December.",
    "Am 14. Januar 2027, nach 3 Wochen.",
    "Avant le 5 mars, en 6 semaines.",
    "El 20 de febrero, 12 semanas después.",
    "We meet in week 5 and on January 5, at 2026-03-02.",
  ])("about days and weeks claims nothing: %s", (text) => {
    expect(sourcesIn(text)).toEqual([]);
  });
});

test("names and weeks have no source", () => {
  const places = sourcesOf(samplePlan, held).map(({ path }) => path);

  expect(places.filter((path) => /week$|dependencies|target_icp|_date/.test(path))).toEqual([]);
});

test("a plan full of numbers has 200 sources, those of its members first", () => {
  const focus = Array.from({ length: 400 }, (_, i) => `${i + 2_100} trials`);
  const plan = { ...samplePlan, month_1_plan: { ...samplePlan.month_1_plan, milestones: focus } };

  const sources = sourcesOf(plan, held);

  expect(sources).toHaveLength(200);
  expect(sources.map(({ path }) => path)).toContain("milestones[1].target_value");
});

test("a text of digits alone is read in no time", () => {
  const started = performance.now();

  sourcesOf(withSummary("1".repeat(20_000)), held);
  sourcesOf(withSummary("1,".repeat(10_000)), held);

  expect(performance.now() - started).toBeLessThan(2_000);
});
