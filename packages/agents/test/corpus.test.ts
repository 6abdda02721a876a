/**
 * The corpus of malformed answers: each file in test/corpus is a list of forms, each form a case for
 * every agent with that kind of answer. Each form states what is expected: the validation step that
 * accepts the answer, and that the output equals that of the undamaged answer.
 */
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Agent } from "../src/agent/define-agent.ts";
import { agents } from "../src/registry.ts";
import { sampleSource } from "./sample-source.ts";
import { sampleIntake } from "./samples/brand-intake.ts";
import { sampleCampaign } from "./samples/campaign-designer.ts";
import { sampleContent } from "./samples/content-engine.ts";
import { sampleFunnel } from "./samples/funnel-architect.ts";
import { sampleAnalysis } from "./samples/optimization-analyst.ts";
import { samplePlan } from "./samples/plan-90day.ts";
import { finished, runScripted, text } from "./scripted-run.ts";

const FOLDER = new URL("./corpus/", import.meta.url);
const step = z.enum(["parse", "jsonrepair", "repair_turn", "none"]);
const formSchema = z.strictObject({
  name: z.string(),
  text: z.string(),
  change: z.string().optional(),
  /** The answer of the repair turn; the undamaged answer if absent. */
  correction: z.string().optional(),
  end: z.enum(["stop", "length"]).default("stop"),
  won: step,
  /** By mode, if it depends on how much of the agent's answer is left. */
  wonBy: z.partialRecord(z.string(), step).optional(),
  /** For prose: the blocks of the output. */
  blocks: z.array(z.enum(["brand", "icp", "offer"])).optional(),
});
type Form = z.infer<typeof formSchema>;

const SAMPLES: Readonly<Record<string, object>> = {
  strategy: samplePlan,
  funnels: sampleFunnel,
  campaigns: sampleCampaign,
  content: sampleContent,
  optimization: sampleAnalysis,
};

const won = new Map<string, number>();

function formsIn(reply: Agent["reply"]): readonly Form[] {
  return readdirSync(FOLDER)
    .filter((name) => name.startsWith(`${reply}-`))
    .flatMap((name) =>
      z.array(formSchema).parse(JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"))),
    );
}

async function play(agent: Agent, raw: string, corrected: string, end: Form["end"]) {
  const scripts = [
    [text(raw), finished(end)],
    [text(corrected), finished()],
  ];
  const source = sampleSource();
  const input = agent.mode === "setup" ? { messages: [] } : {};
  return runScripted(agent, scripts, { source, input });
}

function wonOn({ outcome }: Awaited<ReturnType<typeof play>>): Form["won"] {
  if (outcome.kind !== "completed") return "none";
  if (outcome.validationSteps.some(({ step, passed }) => step === "repair_turn" && passed)) {
    return "repair_turn";
  }
  return outcome.validationSteps.some(({ step }) => step === "jsonrepair") ? "jsonrepair" : "parse";
}

function counted(wonBy: Form["won"]): void {
  won.set(wonBy, (won.get(wonBy) ?? 0) + 1);
}

const jsonForms = formsIn("json");
const proseForms = formsIn("prose");

describe.each(agents.filter(({ reply }) => reply === "json"))("$name", (agent) => {
  const good = JSON.stringify(SAMPLES[agent.mode], null, 1);

  test.each(jsonForms)("$name: won on $won", async (form) => {
    const answer = changeText(good, form.change);
    const raw = form.text.replace("{{answer}}", () => answer);
    const run = await play(agent, raw, form.correction ?? good, form.end);
    const expected = form.wonBy?.[agent.mode] ?? form.won;
    counted(expected);
    expect(wonOn(run)).toBe(expected);
    if (expected === "none") {
      expect(run.outcome).toMatchObject({ kind: "failed", code: "invalid_output" });
      expect(run.outcome.text).not.toBe("");
      return;
    }
    const { outcome: undamaged } = await play(agent, good, good, "stop");
    expect(undamaged.kind).toBe("completed");
    expect("output" in run.outcome && run.outcome.output).toEqual(
      "output" in undamaged && undamaged.output,
    );
  });
});

describe.each(agents.filter(({ reply }) => reply === "prose"))("$name", (agent) => {
  test.each(proseForms)("$name: won on $won", async (form) => {
    const run = await play(agent, fillBlocks(form.text), fillBlocks(form.correction ?? ""), "stop");
    counted(form.won);
    expect(wonOn(run)).toBe(form.won);
    const output: object = "output" in run.outcome ? run.outcome.output : {};
    expect(
      Object.keys(output).filter((name) => name in sampleIntake && name !== "message"),
    ).toEqual(form.blocks);
    // The kept part of a damaged block equals that of the undamaged one.
    const { outcome: undamaged } = await play(agent, fillBlocks(ALL_BLOCKS), "", "stop");
    const whole: object = "output" in undamaged ? undamaged.output : {};
    for (const name of form.blocks ?? [])
      expect(output).toHaveProperty(name, memberOf(whole, name));
  });
});

test("there are at least 120 cases", () => {
  const json = agents.filter(({ reply }) => reply === "json").length;
  expect(jsonForms.length * json + proseForms.length * (agents.length - json)).toBeGreaterThan(119);
});

afterAll(() => {
  const total = [...won.values()].reduce((sum, n) => sum + n, 0);
  const counts = [...won].map(([wonBy, n]) => `${wonBy} ${n}`).join(", ");
  console.log(`Corpus: ${total} cases, by the validation step that succeeded: ${counts}`);
});

/** The replacement is a function, because `$` has a meaning in a replacement text. */
function fillBlocks(form: string): string {
  return form.replaceAll(/\{\{(brand|icp|offer)(,?)\}\}/g, (_, name: string, comma: string) => {
    const block: unknown = Object.entries(sampleIntake).find(([key]) => key === name)?.[1];
    const json = JSON.stringify(block, null, 1);
    return comma ? json.replace(/\n\}$/, ",\n}") : json;
  });
}

const ALL_BLOCKS =
  "Noted.\n```json:brand\n{{brand}}\n```\n```json:icp\n{{icp}}\n```\n```json:offer\n{{offer}}\n```";

const memberOf = (value: object, name: string): unknown =>
  Object.entries(value).find(([key]) => key === name)?.[1];

function changeText(json: string, change: string | undefined): string {
  if (change === undefined) return json;
  const changed = CHANGES[change];
  if (!changed) throw new Error(`There is no change called ${change}.`);
  return changed(json);
}

function membersOf(json: string): readonly (readonly [string, unknown])[] {
  const value: unknown = JSON.parse(json);
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function largestOf(json: string): string {
  const bySize = membersOf(json).toSorted(
    (a, b) => JSON.stringify(b[1]).length - JSON.stringify(a[1]).length,
  );
  return bySize[0]?.[0] ?? "";
}

const toJson = (members: readonly (readonly [string, unknown])[]) =>
  JSON.stringify(Object.fromEntries(members), null, 1);

const CHANGES: Readonly<Record<string, (json: string) => string>> = {
  crlf: (json) => json.replaceAll("\n", "\r\n"),
  "extra members": (json) => toJson([...membersOf(json), ["confidence", 0.9], ["notes", ["x"]]]),
  "extra null": (json) => toJson([...membersOf(json), ["thoughts", null]]),
  "duplicate first member": (json) =>
    `{"${membersOf(json)[0]?.[0]}": "an earlier try", ${json.slice(1)}`,
  "numbers as strings": (json) => json.replaceAll(/: (-?\d+(?:\.\d+)?)(?=[,\n])/g, ': "$1"'),
  "extra NaN": (json) => `{"score": NaN, ${json.slice(1)}`,
  "trailing commas": (json) => json.replaceAll(/([^,[{\s])\n(\s*[\]}])/g, "$1,\n$2"),
  comments: (json) => json.replaceAll(",\n", ", // see above\n"),
  "smart quotes": (json) => json.replaceAll(/^(\s*)"(\w+)":/gm, "$1\u201c$2\u201d:"),
  "bare names": (json) => json.replaceAll(/^(\s*)"(\w+)":/gm, "$1$2:"),
  "no last brace": (json) => json.slice(0, -1),
  base64: (json) => Buffer.from(json).toString("base64"),
  entities: (json) => json.replaceAll('"', "&quot;").replaceAll("{", "&#123;"),
  "without largest member": (json) =>
    toJson(membersOf(json).filter(([name]) => name !== largestOf(json))),
  "largest member is 7": (json) =>
    toJson(membersOf(json).map(([name, member]) => [name, name === largestOf(json) ? 7 : member])),
  "block comments": (json) => json.replaceAll(",\n", ", /* see above */\n"),
  "python literals": (json) => `{"draft": False, "thoughts": None, "final": True, ${json.slice(1)}`,
  apostrophes: (json) => json.replaceAll(/^(\s*)"(\w+)":/gm, "$1'$2':"),
  "trailing ellipsis": (json) => json.replace(/\n\}$/, ",\n ...\n}"),
  "no commas": (json) => json.replaceAll(/,\n(\s*)"/g, '\n$1"'),
  "null character": (json) => `{"thoughts": "\\u0000", ${json.slice(1)}`,
  "broken escape": (json) => json.replace(/": "/, '": "\\uZZ'),
  "largest member is NaN": (json) =>
    toJson(
      membersOf(json).map(([name, member]) => [name, name === largestOf(json) ? "@" : member]),
    ).replace('"@"', "NaN"),
  "cut within a text": (json) => json.slice(0, json.lastIndexOf('": "') + 6),
  "first tenth": (json) => json.slice(0, Math.ceil(json.length / 10)),
};
