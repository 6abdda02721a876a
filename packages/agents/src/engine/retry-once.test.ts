/** Failures that are probably lasting: a run that received no text is asked once more, in all. */
import { describe, expect, test } from "vitest";
import { failed, finished, planner, runScripted, text } from "../../test/scripted-run.ts";
import { EMPTY_SENTENCE, failureSentence, fruitlessSentence } from "./failure-sentence.ts";

const good = [text('{"title":"x"}'), finished()];
const silent = failed("gateway_timeout", { retryOnce: true });
const cut = failed("gateway_error");

describe("a gateway that sends nothing", () => {
  test("is asked twice by a run, whose sentence says so", async () => {
    const run = await runScripted(planner, [[silent], [silent], good]);
    expect(run.outcome).toMatchObject({
      kind: "failed",
      code: "gateway_timeout",
      message: fruitlessSentence("gateway_timeout"),
      release: null,
    });
    expect(run.requests).toHaveLength(2);
  });

  test("may have been a hiccup: the second answer counts", async () => {
    const run = await runScripted(planner, [[silent], good]);
    expect(run.outcome.kind).toBe("completed");
  });

  test("is not waited for twice more after another failure", async () => {
    const run = await runScripted(planner, [[silent], [cut], [silent], good]);
    expect(run.outcome).toMatchObject({ code: "gateway_timeout", release: null });
    expect(run.requests).toHaveLength(3);
  });

  test("has no retry left in an attempt that follows a failure", async () => {
    const run = await runScripted(planner, [[silent], good], { hasFailedBefore: true });
    expect(run.outcome).toMatchObject({ code: "gateway_timeout", release: null });
    expect(run.requests).toHaveLength(1);
  });

  test("releases the run if its only retry would have been the attempt's third", async () => {
    const run = await runScripted(planner, [[cut], [cut], [silent]]);
    expect(run.outcome).toMatchObject({ code: "gateway_timeout", release: "failed" });
  });

  test("has no retry left in the repair turn either", async () => {
    const bad = [text("{"), finished()];
    const run = await runScripted(planner, [[silent], bad, [silent], good]);
    expect(run.outcome).toMatchObject({ code: "invalid_output", release: null });
    expect(run.requests).toHaveLength(3);
  });
});

test("a failure after text is another attempt, as any other", async () => {
  const run = await runScripted(planner, [[text("{"), silent], good]);
  expect(run.outcome).toMatchObject({
    message: failureSentence("gateway_timeout"),
    release: "failed",
  });
  expect(run.requests).toHaveLength(1);
});

describe("an empty answer", () => {
  test("costs two calls, and the sentence says what came", async () => {
    const run = await runScripted(planner, [[finished()], [text(""), finished()], good]);
    expect(run.outcome).toMatchObject({
      code: "incomplete_stream",
      message: EMPTY_SENTENCE,
      detail: "The gateway finished with stop, and without any text.",
      release: null,
    });
    expect(run.requests).toHaveLength(2);
  });

  test("that the gateway aborted costs two calls", async () => {
    const aborted = failed("gateway_error", { retryOnce: true });
    const run = await runScripted(planner, [[aborted], [aborted], good]);
    expect(run.outcome).toMatchObject({
      message: fruitlessSentence("gateway_error"),
      release: null,
    });
    expect(run.requests).toHaveLength(2);
  });

  test("that cannot be read costs two calls", async () => {
    const garbled = failed("incomplete_stream", { retryOnce: true });
    const run = await runScripted(planner, [[garbled], [garbled], good]);
    expect(run.outcome).toMatchObject({
      message: fruitlessSentence("incomplete_stream"),
      release: null,
    });
    expect(run.requests).toHaveLength(2);
  });
});
