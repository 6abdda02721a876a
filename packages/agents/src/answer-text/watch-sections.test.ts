import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newSectionWatcher } from "./watch-sections.ts";

const agent = { sections: ["name", "goals", "budget", "notes"], tag: "plan" };
const plan = {
  name: 'A "quoted" {name}, 5" wide: [all]',
  goals: [{ a: "\\" }, { b: "😀 é" }],
  budget: { total: 1200.5, parts: [] },
  notes: null,
};

function watch(pieces: readonly string[], watched = agent) {
  const watcher = newSectionWatcher(watched);
  return pieces.flatMap((piece) => watcher.push(piece));
}

function partials(pieces: readonly string[], watched = agent) {
  return watch(pieces, watched)
    .filter((event) => event.type === "partial")
    .map(({ data }) => [data.path, data.value]);
}

test("each finished section is reported once, with its value, wherever the text is cut", () => {
  const text = JSON.stringify(plan, null, 2);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
      const pieces: string[] = [];
      for (let at = 0, turn = 0; at < text.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        pieces.push(text.slice(at, at + size));
        at += size;
      }
      expect(partials(pieces)).toEqual(Object.entries(plan));
    }),
  );
});

test("progress follows the partials of a piece, and is the share of the sections that are done", () => {
  expect(watch(['{"goals": [1], "name": "x"', ', "other": 1', ', "budget": 2}'])).toEqual([
    { type: "partial", data: { path: "goals", value: [1] } },
    { type: "progress", data: { percent: 25, done: ["goals"] } },
    { type: "partial", data: { path: "name", value: "x" } },
    { type: "progress", data: { percent: 50, done: ["name", "goals"] } },
    { type: "partial", data: { path: "budget", value: 2 } },
    { type: "progress", data: { percent: 75, done: ["name", "goals", "budget"] } },
  ]);
});

test("a section is not reported before it has ended", () => {
  expect(watch(['{"goals": [1, 2]'])).toEqual([]);
  expect(watch(['{"budget": 12'])).toEqual([]);
});

test("a section that is written twice is reported once", () => {
  expect(partials(['{"name": "a", "name": "b"}'])).toEqual([["name", "a"]]);
});

describe("the object is found", () => {
  const json = JSON.stringify(plan);
  test.each([
    ["in a tagged fence", `\`\`\`json:plan\n${json}\n\`\`\``],
    ["after prose with braces", `Use {name} and { this }: ${json}`],
    ["wrapped in its tag", `{ "plan" : ${json} }`],
    ["after an empty object", `{} ${json}`],
  ])("%s", (_where, text) => {
    expect(partials([...text])).toEqual(Object.entries(plan));
  });
});

test("a section that bears the tag's name is a section", () => {
  const watched = { sections: ["plan", "next"], tag: "plan" };
  expect(partials(['{"plan": {"next": 1}, "next": 2}'], watched)).toEqual([
    ["plan", { next: 1 }],
    ["next", 2],
  ]);
});

test("every section is found among 20 000 members in one piece", () => {
  const members = Array.from({ length: 20_000 }, (_, n) => [`m${n}`, n] as const);
  const reported = members.filter(([, n]) => n % 2_000 === 1_999);
  const watched = { sections: reported.map(([key]) => key), tag: "plan" };

  expect(partials([JSON.stringify(Object.fromEntries(members))], watched)).toEqual(reported);
});

test("a malformed section has no preview, and does not hide the ones after it", () => {
  expect(partials(['{"name": oops, "goals": [1,], "budget": 3}'])).toEqual([["budget", 3]]);
});

test("a preview holds no character that a log would refuse", () => {
  expect(partials([String.raw`{"name": "a\u0000\ud83d"}`])).toEqual([["name", "a\ufffd\ufffd"]]);
});

test("any text is accepted without an exception", () => {
  const part = fc.constantFrom("{", "}", "[", "]", '"', "\\", ":", ",", "1", '"name"', "a", "\n");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (pieces) => {
      expect(watch(pieces)).toEqual(watch([...pieces.join("")]));
    }),
  );
});

test("a megabyte in small pieces takes linear time", () => {
  const value = "x".repeat(1_000_000);
  const pieces = `{"name":"${value}"}`.match(/.{1,4}/gs) ?? [];
  const startedAt = performance.now();
  expect(partials(pieces)).toEqual([["name", value]]);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
