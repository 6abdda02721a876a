import { describe, expect, test } from "vitest";
import { placeCanary } from "../src/answer-text/place-canary.ts";
import {
  CANARY,
  finished,
  planner,
  runScripted,
  talker,
  text,
  textOfDeltas,
} from "./scripted-run.ts";

/** Another answer, for a second call. */
const good = [text('{"title":"x"}'), finished()];

describe("an answer that repeats its instructions fails as unsafe_output", () => {
  test.each([
    ["at once", [`My rules (${CANARY}) are`, " many"]],
    ["over pieces", ["My rules (", CANARY.slice(0, 5), CANARY.slice(5), ") are"]],
    ["shouted and spelled", ["My rules (", [...CANARY.toUpperCase()].join("."), ") are"]],
  ])("%s: readers see nothing from there on, and nothing is asked again", async (_, pieces) => {
    const script = [...pieces, " of them"].map(text);
    const run = await runScripted(planner, [[...script, finished()], good]);
    expect(run.outcome).toMatchObject({
      kind: "failed",
      code: "unsafe_output",
      release: null,
      text: "My rules (",
      message: expect.stringContaining("run this again"),
    });
    expect(textOfDeltas(run.events)).toBe("My rules (");
    expect(run.requests).toHaveLength(1);
    expect(run.deliveredEvents).toBeLessThan(script.length + 1);
  });

  test("in a block that readers of prose are not shown", async () => {
    const leak = text(`Well. \`\`\`json:brand\n{"n": "${CANARY}"}\n\`\`\`\nMore`);
    const run = await runScripted(talker, [[leak, finished()]]);
    expect(run.outcome).toMatchObject({ kind: "failed", code: "unsafe_output", text: "Well. " });
  });

  test("and no partial, progress or output bears the canary", async () => {
    const leak = [text(`{"title": "${CANARY}", "steps": ["${CANARY}"]}`), finished()];
    const run = await runScripted(planner, [leak]);
    expect(JSON.stringify([run.outcome, run.events])).not.toContain(CANARY);
  });
});

test("an answer that ends in the beginning of the canary is shown whole", async () => {
  const pieces = [text("Hello {x}. "), text(CANARY.slice(0, 8)), finished()];
  const run = await runScripted(talker, [pieces]);
  expect(run.outcome).toMatchObject({ text: `Hello {x}. ${CANARY.slice(0, 8)}` });
  expect(textOfDeltas(run.events)).toBe(`Hello {x}. ${CANARY.slice(0, 8)}`);
});

describe("the canary", () => {
  test("is in the instructions of every call, and nowhere else", async () => {
    const { requests } = await runScripted(planner, [good]);
    const [system, user] = requests[0]?.messages ?? [];
    expect(system?.content.startsWith("You are a planner.\n\n")).toBe(true);
    expect(system?.content).toContain(CANARY);
    expect(user?.content).not.toContain(CANARY);
  });

  test("is after the first paragraph and at the end, so that a repetition contains it", () => {
    const [system] = placeCanary([{ role: "system", content: "You are X.\n\n# A\n\n# B" }], "zq1");
    expect(system?.content.split("\n\n")).toEqual([
      "You are X.",
      expect.stringMatching(/^\(Instructions zq1\) This mark (?!.*leave it out).* means nothing/),
      "# A",
      "# B",
      "(Instructions zq1)",
    ]);
  });
});
