import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  amount,
  decorative,
  isoDate,
  level,
  measure,
  measuredCount,
  measuredRate,
  ordinal,
  percentage,
  quantity,
  setByFinish,
  signed,
  volume,
} from "./output-fields.ts";
import { type ReadingRules, readMembers } from "./read-members.ts";

const rules = (language = "de", sums: ReadingRules["sums"] = []): ReadingRules => ({
  workspace: { language, currency: "EUR" },
  sums,
});

function read(field: z.ZodType, written: unknown, language?: string) {
  const schema = z.object({ member: field });
  const { value, findings } = readMembers(schema, { member: written }, rules(language));
  const parsed = schema.safeParse(value);
  return { value: parsed.success ? parsed.data.member : "refused", findings };
}

describe("what has one reading is read, with a finding", () => {
  test.each([
    ["percentage", percentage, "42.5%", 42.5],
    ["percentage", percentage, "85/100", 85],
    ["amount", amount, "EUR 18,000", 18_000],
    ["amount", amount, "1.200,50 €", 1200.5],
    ["amount", amount, "1.200", 1200],
    ["volume", volume, "1.300 Besuche", 1300],
    ["quantity", quantity, "25 %", 25],
    ["signed", signed, "1.41%", 0.0141],
    ["count", measuredCount, "60,000 people", 60_000],
    ["volume", volume, "drei", 3],
    ["amount", amount, "1'200.–", 1200],
    ["ordinal", ordinal, "Woche 3", 3],
    ["ordinal", ordinal, "4 weeks", 4],
    ["measure", measure, "1.234.567", 1_234_567],
    ["rate", measuredRate, "2,5 %", 0.025],
    ["level", level, "hoch", "high"],
    ["level", level, "very high", "high"],
    ["date", isoDate, "January 12, 2027", "2027-01-12"],
    ["date", isoDate, "12.01.2027", "2027-01-12"],
  ] as const)("%s: %s", (_, field, written, expected) => {
    const { value, findings } = read(field, written);

    expect(value).toBe(expected);
    expect(findings).toMatchObject([{ kind: "normalized", path: "member", fixed: true }]);
  });

  test.each([
    [amount, "1200", 1200],
    [measure, " 12.5 ", 12.5],
    [level, "HIGH", "high"],
    [isoDate, "2027-01-12T09:00:00Z", "2027-01-12"],
  ] as const)("but its mere form is not worth one", (field, written, expected) => {
    expect(read(field, written)).toEqual({ value: expected, findings: [] });
  });
});

test.each([
  [amount, "10–12"],
  [amount, "500 per month"],
  [ordinal, "2 Monate"],
  [ordinal, "Weeks 3-4"],
  [amount, "12 %"],
  [level, "it depends"],
  [isoDate, "next week"],
])("what has no reading is refused", (field, written) => {
  expect(read(field, written)).toEqual({ value: "refused", findings: [] });
});

test("words stay words where a text may stand", () => {
  for (const words of ["20–25 %", "25 %", "unter 45 EUR", "ca. 6.000"]) {
    expect(read(measure, words)).toEqual({ value: words, findings: [] });
  }
});

test("what is decorative and cannot be read is null, and readers are told", () => {
  expect(read(decorative(level), "depends on the weather")).toMatchObject({
    value: null,
    findings: [{ kind: "normalized", fixed: false, grade: "doubt" }],
  });
  expect(read(decorative(level), "moderate")).toMatchObject({ value: "medium" });
  expect(read(decorative(percentage), 140)).toMatchObject({ value: null });
});

test("nobody is told of what finish sets, nor is it refused", () => {
  expect(read(setByFinish(quantity, 0), "12 %")).toEqual({ value: 12, findings: [] });
  expect(read(setByFinish(quantity, 0), "many")).toEqual({ value: 0, findings: [] });
});

test("an amount in another currency is not the workspace's in silence", () => {
  expect(read(amount, "$500")).toMatchObject({
    value: 500,
    findings: [{ fixed: false, message: expect.stringContaining("EUR") }, { fixed: true }],
  });
});

describe("a number with two readings", () => {
  const plan = z.object({
    total: z.object({ amount: quantity }),
    parts: z.array(z.object({ amount: quantity, target: measure })),
  });
  const sums = [{ parts: ["parts[].amount"], total: "total.amount" }];
  const readPlan = (total: unknown, parts: readonly object[], language = "en") =>
    readMembers(plan, { total: { amount: total }, parts }, rules(language, sums));

  test("is what the sum proves, in either notation", () => {
    const parts = [{ amount: "1.200" }, { amount: "3.800" }];

    expect(readPlan(5000, parts)).toMatchObject({
      value: { parts: [{ amount: 1200 }, { amount: 3800 }] },
      findings: [{ kind: "normalized", fixed: true }, { fixed: true }],
    });
    expect(readPlan("5.000", [{ amount: 1200 }, { amount: 3800 }]).value).toMatchObject({
      total: { amount: 5000 },
    });
    expect(readPlan(5, parts, "de").value).toMatchObject({
      parts: [{ amount: 1.2 }, { amount: 3.8 }],
    });
  });

  test("is near the numbers beside it", () => {
    const fields = z.object({ current_value: signed, target_value: signed });
    const answer = { current_value: 1.8255, target_value: "4.640" };

    expect(readMembers(fields, answer, rules("de"))).toMatchObject({
      value: { target_value: 4.64 },
      findings: [{ fixed: true }],
    });
  });

  test("is written as the other numbers of the answer are", () => {
    const parts = [{ amount: "12,5" }, { amount: 3, target: "1.500" }];

    expect(readPlan(99, parts)).toMatchObject({
      value: { parts: [{ amount: 12.5 }, { target: 1500 }] },
      findings: [{ fixed: true }, { fixed: true }],
    });
  });

  test("stays an open finding if nothing proves it, and is read as the language writes it", () => {
    const finding = { kind: "normalized", path: "member", fixed: false };

    expect(read(measure, "1.200", "de")).toMatchObject({ value: 1200, findings: [finding] });
    expect(read(quantity, "1.200", "en")).toMatchObject({ value: 1.2, findings: [finding] });
    expect(read(quantity, "1,200", "en")).toMatchObject({ value: 1200, findings: [finding] });
    // The model is asked only where its readers would not read thousands.
    expect(read(quantity, "1.200", "de").findings[0]?.grade).toBe("doubt");
    expect(read(quantity, "1.200", "en").findings[0]?.grade).toBeUndefined();
  });
});

test("an answer that is full of texts is read no further than honest ones go", () => {
  const schema = z.object({ parts: z.array(amount) });
  const texts = (count: number, text: string) => Array.from({ length: count }, () => text);
  const readAll = (parts: readonly string[]) => readMembers(schema, { parts }, rules()).value;

  expect(schema.safeParse(readAll(texts(200, "1.200"))).success).toBe(true);
  expect(schema.safeParse(readAll(texts(201, "1.200 €"))).success).toBe(false);
  expect(schema.safeParse(readAll(texts(2_000, "12 €"))).success).toBe(true);
  expect(schema.safeParse(readAll(texts(2_001, "12 €"))).success).toBe(false);
});
