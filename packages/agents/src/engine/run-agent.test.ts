import { setImmediate as nextTurn } from "node:timers/promises";
import { newSlots } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import {
  emptySource,
  failed,
  finished,
  planner,
  runScripted,
  talker,
  text,
  textOfDeltas,
} from "../../test/scripted-run.ts";

const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
const json = '{"title": "Plan 😀", "steps": ["a"]}';

describe("a run that goes well", () => {
  test("streams, and completes with the finished output and its artifacts", async () => {
    const script = [text(json.slice(0, 9)), text(json.slice(9)), { type: "usage", usage } as const];
    const { outcome, events, requests } = await runScripted(planner, [[...script, finished()]]);

    expect(outcome).toEqual({
      kind: "completed",
      text: json,
      textLength: json.length,
      truncated: false,
      usage,
      calls: [{ call: 1, purpose: "answer", model: "g/m-1", usage }],
      validationSteps: [
        { answer: 1, step: "parse", passed: true },
        { answer: 1, step: "schema", passed: true },
        { answer: 1, step: "finish", passed: true, fixed: { date: 1 } },
      ],
      model: "g/m-1",
      output: { title: "Plan 😀 (2026-11-23)", steps: ["a"] },
      findings: [{ kind: "date", path: "title", message: "The date was added.", fixed: true }],
      artifacts: [
        {
          table: "cmo_marketing_plans",
          id: "id-1",
          values: { title: "Plan 😀 (2026-11-23)", goal: "grow" },
          from: [""],
        },
      ],
    });
    expect(textOfDeltas(events)).toBe(json);
    expect(events.map(({ type }) => type)).toEqual([
      ...["delta", "delta", "partial", "partial", "progress", "usage"],
    ]);
    expect(requests).toMatchObject([{ requestId: "run-1-1", messages: [{}, { content: "grow" }] }]);
  });

  test("repairs what the model ended malformed, and says so", async () => {
    const { outcome } = await runScripted(planner, [[text("{title: 'x',}"), finished()]]);
    expect(outcome).toMatchObject({
      kind: "completed",
      findings: [{ message: expect.stringContaining("repaired") }, { kind: "date", path: "title" }],
    });
  });

  test("emits only well-formed text, with offsets in UTF-16 units", async () => {
    const pieces = ['{"title":"\ud83d', '\ude00\0x\ud83d"', "}", "\ud83d"].map(text);
    const { outcome, events } = await runScripted(planner, [[...pieces, finished()]]);
    expect(textOfDeltas(events)).toBe('{"title":"😀\ufffdx\ufffd"}\ufffd');
    expect(outcome).toMatchObject({ kind: "completed", text: textOfDeltas(events) });
  });

  test("keeps the tagged blocks of prose out of the text, and in the output", async () => {
    const pieces = ["Nice. `", "``json:brand\n", '{"n":1}\n`', "``\nNext?"].map(text);
    const { outcome, events } = await runScripted(talker, [[...pieces, finished()]]);
    expect(outcome).toMatchObject({
      kind: "completed",
      text: "Nice. Next?",
      textLength: 11,
      output: { message: "Nice. Next?", brand: { n: 1 } },
    });
    expect(textOfDeltas(events)).toBe("Nice. Next?");
    expect(events.at(-1)).toEqual({ type: "progress", data: { percent: 50, done: ["brand"] } });
  });
});

test("prose that ends in a possible fence is emitted whole", async () => {
  const { outcome, events } = await runScripted(talker, [[text("Use `"), text("`"), finished()]]);
  expect(outcome).toMatchObject({ kind: "completed", text: "Use ``" });
  expect(textOfDeltas(events)).toBe("Use ``");
});

describe("an answer that cannot be used and is not corrected fails as invalid_output, with its text", () => {
  test.each([
    ["no JSON", "I would rather talk."],
    ["another shape", '{"steps": "none"}'],
  ])("%s", async (_what, raw) => {
    const answer = [text(raw), finished()];
    const { outcome } = await runScripted(planner, [answer, answer]);
    expect(outcome).toMatchObject({
      kind: "failed",
      code: "invalid_output",
      text: raw,
      truncated: false,
      model: "g/m-1",
      release: null,
    });
  });

  test("and the log contains the reasons", async () => {
    const answer = [text('{"steps":"none"}'), finished()];
    const { outcome } = await runScripted(planner, [answer, answer]);
    expect(outcome).toMatchObject({ detail: expect.stringMatching(/title: .*; steps: /) });
  });

  test("when the text was cut off before most of it was complete, and the model is not asked to invent the rest", async () => {
    const { outcome, requests } = await runScripted(planner, [
      [text('{"title": "x", '), finished("length")],
    ]);
    expect(requests).toHaveLength(1);
    expect(outcome).toMatchObject({ code: "invalid_output", truncated: true, release: null });
  });
});

test("an answer that is whole although the model ran out of room completes as truncated", async () => {
  const { outcome } = await runScripted(planner, [[text(json), finished("length")]]);
  expect(outcome).toMatchObject({ kind: "completed", truncated: true });
});

describe("an answer over the limit", () => {
  test("is cut between two characters, and nothing more is read", async () => {
    const pieces = [text("ab"), text("é😀cd"), text("never read"), finished()];
    const run = await runScripted(planner, [pieces], { policy: { maxOutputBytes: 7 } });
    expect(run.outcome).toMatchObject({ code: "invalid_output", text: "abé", truncated: true });
    expect(textOfDeltas(run.events)).toBe("abé");
    expect(run.deliveredEvents).toBe(2);
  });

  test("still completes if the text so far is usable", async () => {
    const pieces = [text("Hello"), text(" world"), finished()];
    const run = await runScripted(talker, [pieces], { policy: { maxOutputBytes: 8 } });
    expect(run.outcome).toMatchObject({ output: { message: "Hello wo" }, truncated: true });
  });

  test("may be exactly as long as the limit", async () => {
    const run = await runScripted(planner, [[text(json), finished()]], {
      policy: { maxOutputBytes: Buffer.byteLength(json) },
    });
    expect(run.outcome).toMatchObject({ kind: "completed", truncated: false });
  });
});

describe("an unusable payload fails as invalid_input, without a call", () => {
  test("with the paths of what is wrong", async () => {
    const run = await runScripted(planner, [], { input: { goal: 7, other: 1 } });
    expect(run.outcome).toMatchObject({
      kind: "failed",
      code: "invalid_input",
      message: expect.stringMatching(/goal: .*other/),
      release: null,
      text: "",
    });
    expect(run.requests).toEqual([]);
  });

  test("with the context's own sentence", async () => {
    const run = await runScripted(planner, [], { input: { goal: "x", planId: "p" } });
    expect(run.outcome).toMatchObject({ message: "This plan is not in the workspace." });
  });
});

test("any other error of the context is rethrown", async () => {
  const source = {
    db: {
      list: () => Promise.resolve([]),
      find: () => Promise.reject(new Error("db away")),
      unread: () => [],
    },
    workspace: { id: "w", name: "W", time_zone: "UTC", currency: "EUR", language: "en" },
    today: "2026-11-23",
    boundary: "b",
  };
  const run = runScripted(planner, [], { source, input: { goal: "x", planId: "p" } });
  await expect(run).rejects.toThrow("db away");
});

describe("an abort", () => {
  test("in the middle keeps the text that readers have", async () => {
    const abort = new AbortController();
    const { outcome, events } = await runScripted(planner, [[text("{"), text("x"), finished()]], {
      signal: abort.signal,
      emit: () => abort.abort(),
    });
    expect(outcome).toMatchObject({
      kind: "aborted",
      text: "{",
      textLength: 1,
      usage: null,
      calls: [{ call: 1, purpose: "answer", model: "g/m-1", estimated: true }],
      validationSteps: [],
      model: null,
    });
    expect(textOfDeltas(events)).toBe("{");
  });

  test("in the middle of a long text that came at once takes no more of it", async () => {
    const abort = new AbortController();
    const long = `{"title":"${"x".repeat(100_000)}"}`;
    const run = await runScripted(planner, [[text(long), finished()]], {
      signal: abort.signal,
      emit: ({ type }) => type === "delta" && abort.abort(),
    });
    expect(run.outcome.kind).toBe("aborted");
    expect(textOfDeltas(run.events).length).toBeLessThan(50_000);
  });

  test("during a wait asks no more", async () => {
    const abort = new AbortController();
    const run = await runScripted(planner, [[failed("gateway_error")], [finished()]], {
      signal: abort.signal,
      emit: () => abort.abort(),
    });
    expect(run.outcome.kind).toBe("aborted");
    expect(run.requests).toHaveLength(1);
  });

  test("while the context is read asks nothing", async () => {
    const run = await runScripted(planner, [], { signal: AbortSignal.abort() });
    expect(run.outcome).toMatchObject({ kind: "aborted", text: "" });
    expect(run.requests).toEqual([]);
  });
});

describe("runs that share slots", () => {
  test("read their contexts in turns, and one that fails makes room for the next", async () => {
    let reading = 0;
    let most = 0;
    const find = async () => {
      reading += 1;
      most = Math.max(most, reading);
      await nextTurn();
      reading -= 1;
      return null;
    };
    const source = { ...emptySource, db: { list: async () => [], unread: () => [], find } };
    const preparing = newSlots(2);
    const input = { goal: "grow", planId: "unknown" };
    const runs = await Promise.all(
      [1, 2, 3, 4].map(() => runScripted(planner, [], { preparing, source, input })),
    );
    for (const { outcome } of runs) expect(outcome).toMatchObject({ code: "invalid_input" });
    expect(most).toBe(2);
  });

  test("and one whose signal aborts does not wait for its turn", async () => {
    const abort = new AbortController();
    const preparing = newSlots(1);
    await preparing.take(abort.signal);
    const waiting = runScripted(planner, [], { preparing, signal: abort.signal });
    abort.abort();
    const { outcome, requests } = await waiting;
    expect(outcome.kind).toBe("aborted");
    expect(requests).toHaveLength(0);
  });
});
