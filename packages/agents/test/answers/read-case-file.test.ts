import { describe, expect, test } from "vitest";
import { readCaseFile } from "./read-case-file.ts";

const ANSWER = [
  "workspace: northpine",
  'payload: {"budget":10}',
  "about: A small answer.",
  "family: plain",
  "kind: honest",
  "expect: completed",
  "saved: budget = 10",
  "",
  "--- answer ---",
  '{"budget": 10,',
  ' "name": "A"}',
  "",
].join("\n");

function variant(...edits: readonly string[]): string {
  const header = ["about: V", "family: loose", "kind: honest", "expect: normalized warned"];
  return [ANSWER, "--- variant v ---", ...header, ...edits].join("\n");
}

function textOf(...edits: readonly string[]): string | undefined {
  return readCaseFile("a/b", variant(...edits))[1]?.text;
}

describe("a file of answers", () => {
  test("gives its first answer with what must happen to it", () => {
    expect(readCaseFile("plan-90day/x", ANSWER)).toMatchObject([
      {
        name: "plan-90day/x",
        agent: "plan-90day",
        payload: { budget: 10 },
        expected: ["completed"],
        saved: [{ path: "budget", value: 10 }],
        text: '{"budget": 10,\n "name": "A"}',
      },
    ]);
  });

  test("gives each variant as a whole answer for the same request", () => {
    const [, changed] = readCaseFile("a/b", variant("saved: as answer", '- "A"', '+ "B"'));
    expect(changed).toMatchObject({
      name: "a/b#v",
      workspace: "northpine",
      payload: { budget: 10 },
      expected: ["normalized", "warned"],
      savedAs: "a/b",
      text: '{"budget": 10,\n "name": "B"}',
    });
  });

  test("replaces lines, patterns, and what stands before and behind", () => {
    expect(textOf('- {"budget": 10,', '-  "name"', '+ {"name"')).toBe('{"name": "A"}');
    expect(textOf('s /"budget": (\\d+)/"budget": "$1⏎"/')).toContain('"budget": "10\n"');
    expect(textOf('s /10/"\\$10"/')).toContain('"budget": "$10"');
    expect(textOf("^ before", "^", "$ behind")).toMatch(/^before\n\n\{[\s\S]*\}\nbehind$/);
    expect(textOf('cut: "name"')).toBe('{"budget": 10,\n ');
  });

  test.each([
    ["that fits nothing", ["- missing", "+ x"]],
    ["that fits twice", ['- "', "+ '"]],
    ["whose pattern fits nothing", ["s /missing/x/"]],
  ])("refuses an edit %s", (_, edits) => {
    expect(() => textOf(...edits)).toThrow(/not in the answer|more than once/);
  });

  test("refuses a word that is no outcome", () => {
    const broken = ANSWER.replace("expect: completed", "expect: fine");
    expect(() => readCaseFile("a/b", broken)).toThrow("a/b: fine is none of");
  });
});
