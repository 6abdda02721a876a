import { describe, expect, test } from "vitest";
import { failed, finished, planner, runScripted, text } from "../../test/scripted-run.ts";
import { newCallTally } from "./call-tally.ts";
import type { CountTokens } from "./estimate-usage.ts";

const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
const answer = '{"title":"x"}';

/** Counts words, so that an estimate is not taken for a guess. */
const countWords: CountTokens = (words) => Promise.resolve(words.split(/\s+/).length);
const counted = { countTokens: countWords };

/** Four tokens for each of the two messages, besides their words. */
const promptTokens = (request: { messages: readonly { content: string }[] } | undefined) =>
  8 +
  (request?.messages
    .map(({ content }) => content)
    .join("\n")
    .split(/\s+/).length ?? 0);

describe("a call whose gateway reports no usage is estimated", () => {
  test("from the messages that were sent and the text that arrived, when the stream is cut", async () => {
    const cut = [text('{"title": "a b'), text(' c"'), failed("incomplete_stream")];
    const { outcome, requests } = await runScripted(planner, [cut], counted);
    const prompt_tokens = promptTokens(requests[0]);
    expect(outcome).toMatchObject({
      kind: "failed",
      usage: null,
      calls: [
        {
          estimated: true,
          model: "g/m-1",
          usage: { prompt_tokens, completion_tokens: 4, total_tokens: prompt_tokens + 4 },
        },
      ],
    });
  });

  test("when it is cancelled", async () => {
    const abort = new AbortController();
    const { outcome } = await runScripted(planner, [[text("{ a"), text(" b"), finished()]], {
      ...counted,
      signal: abort.signal,
      emit: () => abort.abort(),
    });
    expect(outcome).toMatchObject({
      kind: "aborted",
      calls: [{ estimated: true, usage: { completion_tokens: 2 } }],
    });
  });

  test("when it finishes", async () => {
    const { outcome } = await runScripted(planner, [[text(answer), finished()]], counted);
    expect(outcome).toMatchObject({ kind: "completed", calls: [{ estimated: true }] });
  });

  test("when it was asked, and failed before any text", async () => {
    const scripts = [
      [failed("gateway_timeout")],
      [text(answer), { type: "usage", usage } as const, finished()],
    ];
    const { outcome, requests } = await runScripted(planner, scripts, counted);
    expect(outcome).toMatchObject({
      kind: "completed",
      usage,
      calls: [
        {
          estimated: true,
          usage: { prompt_tokens: promptTokens(requests[0]), completion_tokens: 0 },
        },
        { usage },
      ],
    });
  });

  test("also the repair turn, whose whole text counts", async () => {
    const first = [
      text('{"title":"x","steps":["…"]}'),
      { type: "usage", usage } as const,
      finished(),
    ];
    const second = [text('{"title": "x y'), failed("incomplete_stream")];
    const { outcome } = await runScripted(planner, [first, second], counted);
    expect(outcome).toMatchObject({
      kind: "completed",
      usage,
      calls: [
        { purpose: "answer", usage },
        { purpose: "repair", estimated: true, usage: { completion_tokens: 3 } },
      ],
    });
  });
});

test.each(["rate_limited", "payment_required", "gateway_refused"] as const)(
  "a call that is refused as %s costs nothing",
  async (code) => {
    const scripts = [[failed(code, { retryable: false })]];
    const { outcome } = await runScripted(planner, scripts, counted);
    expect(outcome).toMatchObject({ calls: [{ usage: null }] });
    expect(outcome.calls[0]).not.toHaveProperty("estimated");
  },
);

test("what the gateway reported is never replaced by an estimate", async () => {
  const abort = new AbortController();
  const cut = [text("{"), { type: "usage", usage } as const, failed("incomplete_stream")];
  const { outcome } = await runScripted(planner, [cut], { ...counted, signal: abort.signal });
  expect(outcome.calls).toEqual([{ call: 1, purpose: "answer", model: "g/m-1", usage }]);
});

test("while a call is under way, what it has used so far can be guessed at any moment", async () => {
  let guessed: () => readonly unknown[] = () => [];
  const seen: unknown[] = [];
  await runScripted(planner, [[text("{".padEnd(40)), text(" ".repeat(40)), finished()]], {
    onCalls: (read) => {
      guessed = read;
      expect(guessed()).toEqual([]);
    },
    emit: ({ type }) => {
      if (type === "delta") seen.push(...guessed());
    },
  });
  expect(seen).toMatchObject([
    { call: 1, model: "g/m-1", estimated: true, usage: { completion_tokens: 10 } },
    { call: 1, model: "g/m-1", estimated: true, usage: { completion_tokens: 20 } },
  ]);
  expect(guessed()).toMatchObject([{ call: 1, estimated: true }]);
});

test("a call is not guessed before a model was asked, nor after a refusal", () => {
  const tally = newCallTally();
  tally.begin("answer", 400);
  expect(tally.guessed).toMatchObject([{ usage: null }]);
  tally.report({ model: "m" });
  expect(tally.guessed).toMatchObject([{ estimated: true, usage: { prompt_tokens: 100 } }]);
  tally.end(null);
  expect(tally.guessed).toMatchObject([{ usage: null }]);
});
