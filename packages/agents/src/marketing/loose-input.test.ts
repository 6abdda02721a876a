import { describe, expect, test } from "vitest";
import { inputSchema as analysis } from "../optimization-analyst/schema.ts";
import { readLoosely } from "./loose-input.ts";

describe("what has one reading is read", () => {
  test.each([
    ["budget", "20000", 20_000],
    ["budget", " 20,000 EUR", 20_000],
    ["budget", "€20.000,50", 20_000.5],
    ["budget", "1'250'000 CHF", 1_250_000],
    ["budget", "20 000", 20_000],
    ["budget", "1.200", 1_200],
    ["budget", "12,5", 12.5],
    ["budget", "$20k", 20_000],
    ["budget", "1.5m", 1_500_000],
    ["startDate", "2026-03-01T00:00:00.000Z", "2026-03-01"],
    ["startDate", "2026-03-01T23:30:00+02:00", "2026-03-01"],
    ["campaignGoal", "Lead Gen", "lead_gen"],
    ["campaignGoal", "lead-generation", "lead_gen"],
    ["campaignGoal", "Brand Awareness", "awareness"],
    ["funnelType", "Marketing", "marketing"],
    ["funnelStage", " Consideration ", "consideration"],
    ["ctaIntent", "CONVERT", "convert"],
    ["period", "30d", "last_30_days"],
    ["period", "last 30 days", "last_30_days"],
    ["period", "Past 7 Days", "last_7_days"],
    ["period", "90", "last_90_days"],
    ["period", "this-month", "this_month"],
    ["period", "last week", "last_7_days"],
    ["channels", "email, LinkedIn; blog", ["email", "LinkedIn", "blog"]],
    ["focusAreas", "Lead Generation", ["Lead Generation"]],
    ["targetMetrics", "leads: 200, revenue = 5,000 EUR", { leads: 200, revenue: "5,000 EUR" }],
    ["targetMetrics", "200 more leads", { target: "200 more leads" }],
  ])("%s %j", (name, written, read) => {
    expect(readLoosely({ [name]: written })).toEqual({ [name]: read });
  });
});

describe("what has none stays, for the schema to refuse", () => {
  test.each([
    ["budget", "about 20000"],
    ["budget", "10-20"],
    ["budget", "1.2.3"],
    ["budget", "1,20,000"],
    ["startDate", "tomorrow"],
    ["startDate", "2026-13-40T00:00:00Z"],
    ["campaignGoal", "world domination"],
    ["period", "45d"],
    ["period", "since spring"],
    ["channels", " , "],
    ["budget", 20_000],
    ["channels", ["email"]],
    ["unknown", "Lead Gen"],
    ["budget", "9".repeat(5_000)],
  ])("%s %j", (name, written) => {
    expect(readLoosely({ [name]: written })).toEqual({ [name]: written });
  });

  test("and the refusal of a period says which there are", () => {
    const { error } = analysis.safeParse({ period: "since spring" });
    expect(error?.issues[0]?.message).toMatch(/last_7_days.*\{from, to\}/);
  });
});
