import { afterAll, describe, expect, test } from "vitest";
import { parseOutput } from "./parse-output.ts";
import { createJsonRepairer } from "./repair-json.ts";

const planner = {
  reply: "json",
  tag: "plan",
  sections: ["plan_name", "goals"],
  blockMembers: {},
} as const;
const intake = {
  reply: "prose",
  tag: null,
  sections: ["message", "brand", "icp", "more_icp"],
  blockMembers: {
    brand: ["brand_name", "tagline", "core_values"],
    icp: ["segment_name", "goals", "objections"],
  },
} as const;

const repairer = createJsonRepairer();
afterAll(() => repairer.close());
const repair = (texts: readonly string[]) => repairer.repair(texts, new AbortController().signal);

const parsePlan = (text: string, isWhole = true) => parseOutput(planner, { text, isWhole }, repair);
const parseTalk = (text: string, isWhole = true) => parseOutput(intake, { text, isWhole }, repair);

describe("an answer that is one JSON object", () => {
  const plan = { plan_name: "Q1", goals: ["a {b}", "```not a fence```"] };
  const json = JSON.stringify(plan, null, 2);

  test.each([
    ["bare", json],
    ["fenced", `\`\`\`json\n${json}\n\`\`\``],
    [
      "fenced and tagged, between prose with braces",
      `I {made} it.\n\`\`\`json:plan\n${json}\n\`\`\`\n{end}`,
    ],
    ["fenced with CRLF", `\`\`\`json:plan\r\n${json}\r\n\`\`\`\r\n`],
    ["in a fence that never closes", `\`\`\`json\n${json}`],
    ["after another kind of fence", `\`\`\`text\nhello\n\`\`\`\n\`\`\`json\n${json}\n\`\`\``],
    ["between prose", `Here is the plan: ${json} Enjoy!`],
    ["on its fence's line", `\`\`\`json ${JSON.stringify(plan)}\`\`\``],
    ["wrapped in its tag", `{"plan": ${json}}`],
    ["wrapped twice, beside other members", `{"ok": true, "result": {"plan": ${json}, "n": 1}}`],
    ["in a list of one", `[${json}]`],
    ["before prose with braces", `${json}\nReplace {name} and {city}.`],
    ["after a first try that holds less", `{"plan_name": "Draft"}\nBetter:\n${json}`],
    ["after an empty object", `{}\n${json}`],
    ["twice, of which the second counts", `{"plan_name": "Q0", "goals": []}\n${json}`],
  ])("is found %s", async (_where, text) => {
    expect(await parsePlan(text)).toEqual({
      kind: "parsed",
      value: plan,
      isRepaired: false,
      findings: [],
    });
  });

  test("is not unwrapped when the tag is a section of its own", async () => {
    const agent = { ...planner, tag: "goals" };
    const text = '{"goals": {"a": 1}}';
    expect(await parseOutput(agent, { text, isWhole: true }, repair)).toMatchObject({
      value: { goals: { a: 1 } },
    });
  });

  test("is repaired if the model ended it malformed, and the repair is a finding", async () => {
    const text = "```json:plan\n{plan_name: 'Q1', \"goals\": [1, 2,],}\n```";
    expect(await parsePlan(text)).toEqual({
      kind: "parsed",
      value: { plan_name: "Q1", goals: [1, 2] },
      isRepaired: true,
      findings: [expect.objectContaining({ fixed: true })],
    });
  });

  test("is never repaired when it was cut off, because a repair would invent its end", async () => {
    expect((await parsePlan('{"plan_name": "Q1", "goa', false)).kind).toBe("unparsable");
    expect((await parsePlan('```json\n{"plan_name": "Q1", "goa', false)).kind).toBe("unparsable");
  });

  test.each([["no braces at all"], ["[1, 2]"], [""], ['"text"'], ["{".repeat(200_000)]])(
    "is not made up from %j",
    async (text) => {
      expect((await parsePlan(text, text.length < 100)).kind).toBe("unparsable");
    },
  );

  test("holds no character that a store would refuse", async () => {
    expect(await parsePlan(String.raw`{"plan_name":"a\u0000\ud83d"}`)).toMatchObject({
      value: { plan_name: "a\ufffd\ufffd" },
    });
  });
});

describe("an answer for people", () => {
  const brand = { brand_name: "Kade", tagline: "More Mondays" };
  const owners = { segment_name: "Owners", goals: ["Rest"] };
  const teams = { segment_name: "Teams", goals: ["Pace"] };
  const json = (value: unknown) => JSON.stringify(value, null, 1);
  const fence = (info: string, value: unknown) => `\`\`\`${info}\n${json(value)}\n\`\`\``;

  test("becomes its prose and its blocks", async () => {
    const text = `Nice.\n\n${fence("json:brand", brand)}\n${fence("json:icp", owners)}\nNext?`;
    expect(await parseTalk(text)).toEqual({
      kind: "parsed",
      value: { message: "Nice.\n\nNext?", brand, icp: owners },
      isRepaired: false,
      findings: [],
    });
  });

  test.each([
    ["in a fence without a tag", fence("json", owners)],
    ["in a fence of another name", fence("segment", owners)],
    ["in a fence without a name", fence("", owners)],
    ["under another tag", fence("json:segment", owners)],
    ["under the wrong tag", fence("json:brand", owners)],
    ["without a fence", json(owners)],
    ["in a member of its name", fence("json", { icp: owners })],
    ["in a member of another name, in a list", fence("json", { result: { segments: [owners] } })],
    ["in a list", fence("json", [owners])],
    ["in a fence that never closes, before prose", `\`\`\`json\n${json(owners)}\n\nNext?`],
  ])("a block is known by its members: %s", async (_where, block) => {
    const { value } = { value: {}, ...(await parseTalk(`Noted.\n${block}`)) };
    expect(value).toEqual({ message: "Noted.", icp: owners });
  });

  test.each([
    ["two fences", `${fence("json:icp", owners)}\n${fence("json:icp", teams)}`],
    ["one fence with a list", fence("json", { icp: [owners, teams] })],
    ["one fence with both", `\`\`\`json:icp\n${json(owners)}\n${json(teams)}\n\`\`\``],
    [
      "three fences, one of them repeated",
      [owners, owners, teams].map((one) => fence("json:icp", one)).join("\n"),
    ],
  ])("a second segment is kept beside the first: %s", async (_how, blocks) => {
    expect(await parseTalk(`Noted.\n${blocks}`)).toMatchObject({
      value: { icp: owners, more_icp: [teams] },
      findings: [],
    });
  });

  test("a second block of a kind that is one is laid over the first", async () => {
    const later = { brand_name: "Kade", tagline: null, core_values: ["care"] };
    const text = `${fence("json:brand", brand)}\n${fence("json:brand", later)}`;
    expect(await parseTalk(text)).toMatchObject({
      value: { brand: { ...brand, core_values: ["care"] } },
    });
  });

  test("a block that is none of the kinds is left out, and asked for again", async () => {
    expect(await parseTalk(`Hi\n${fence("json:mood", { mood: "good" })}`)).toEqual({
      kind: "parsed",
      value: { message: "Hi" },
      isRepaired: false,
      findings: [
        {
          kind: "json",
          path: "mood",
          message: expect.stringContaining("none of brand, icp"),
          fixed: false,
        },
      ],
    });
  });

  test("loses a block that cannot be read, says so, and keeps the rest", async () => {
    const text = 'Hi\n```json:brand\nnot json\n```\n```json:icp\n{"a":1}\n```';
    expect(await parseTalk(text)).toMatchObject({
      value: { message: "Hi", icp: { a: 1 } },
      findings: [{ path: "brand", fixed: false }],
    });
  });

  test("repairs a malformed block only of a whole answer", async () => {
    const text = "Hi\n```json:icp\n{a: 1,}\n```";
    expect(await parseTalk(text)).toMatchObject({ value: { icp: { a: 1 } }, isRepaired: true });
    expect(await parseTalk(text, false)).toMatchObject({
      value: { message: "Hi" },
      isRepaired: false,
    });
  });

  test("may not replace the prose by a block", async () => {
    expect(await parseTalk('Hi\n```json:message\n{"a":1}\n```')).toMatchObject({
      value: { message: "Hi" },
    });
  });
});

describe("a long answer", () => {
  const long = "x".repeat(1_000_000);

  test.each([
    ["bare", (json: string) => json],
    ["fenced, after prose", (json: string) => `Here:\n\`\`\`json\n${json}\n\`\`\``],
  ])("of a mebibyte is read if it is valid: %s", async (_where, write) => {
    const plan = { plan_name: long, goals: [] };
    expect(await parsePlan(write(JSON.stringify(plan)))).toMatchObject({
      kind: "parsed",
      value: plan,
      isRepaired: false,
    });
  });

  test("of a mebibyte keeps its blocks", async () => {
    const block = JSON.stringify({ n: long });
    expect(await parseTalk(`Hi\n\`\`\`json:brand\n${block}\n\`\`\``)).toMatchObject({
      value: { message: "Hi", brand: { n: long } },
      findings: [],
    });
  });

  test("that is malformed is not repaired, and the finding says why", async () => {
    const malformed = (characters: number) => `{plan_name: "${"x".repeat(characters)}"}`;
    expect(await parsePlan(malformed(131_072))).toEqual({
      kind: "unparsable",
      message: expect.stringContaining("too long for a repair"),
      triedRepair: false,
    });
    expect(await parsePlan(malformed(131_000))).toMatchObject({ isRepaired: true });
  });

  test("is refused if it has too many values, and the finding says so", async () => {
    const planOf = (goals: number) =>
      JSON.stringify({ goals: Array.from({ length: goals }, () => 1) });

    expect((await parsePlan(planOf(9_998))).kind).toBe("parsed");
    expect(await parsePlan(planOf(9_999))).toEqual({
      kind: "unparsable",
      message: "The answer has more than 10000 values.",
      triedRepair: false,
    });
  });
});
