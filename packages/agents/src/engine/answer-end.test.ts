/** How the end of an answer, and what a gateway says of it, decide what becomes of the run. */
import { describe, expect, test } from "vitest";
import type { GatewayEvent } from "../../test/gateway-event.ts";
import { failed, finished, planner, runScripted, talker, text } from "../../test/scripted-run.ts";

const unknown: GatewayEvent = {
  type: "finished",
  reason: "unknown",
  model: "g/m-1",
  detail: "The gateway finished with an unknown reason: OTHER",
};
const good = [text('{"title":"x"}'), finished()];

describe("an answer that ended for an unknown reason", () => {
  test("is completed if it reads as whole, and the reason is for the log", async () => {
    const run = await runScripted(planner, [[text('{"title":"x"}'), unknown]]);
    expect(run.outcome).toMatchObject({
      kind: "completed",
      truncated: false,
      unknownEnd: "The gateway finished with an unknown reason: OTHER",
    });
  });

  test("is never closed by repair if it is cut", async () => {
    const run = await runScripted(planner, [[text('{"title":"x","steps":["a'), unknown]]);
    expect(run.outcome).toMatchObject({ kind: "failed", code: "invalid_output" });
    expect(run.outcome.validationSteps).not.toContainEqual(
      expect.objectContaining({ step: "jsonrepair", passed: true }),
    );
  });

  test("gets the repair turn if most of it stands there", async () => {
    const cut = [text('{"title":"x","steps":["a"],"more'), unknown];
    const run = await runScripted(planner, [cut, good]);
    expect(run.outcome).toMatchObject({ kind: "completed", output: { title: "x (2026-11-23)" } });
    expect(run.requests).toHaveLength(2);
    expect(run.requests[1]?.messages.at(-1)?.content).toContain("was cut off");
  });

  test("counts as truncated if it is prose, which does not show its end", async () => {
    const run = await runScripted(talker, [[text("Tell me mo"), unknown]]);
    expect(run.outcome).toMatchObject({ kind: "completed", truncated: true });
  });

  test("is asked for again if it is empty", async () => {
    const run = await runScripted(planner, [[unknown], good]);
    expect(run.outcome.kind).toBe("completed");
    expect(run.requests).toHaveLength(2);
  });
});

describe("an empty answer", () => {
  test("that was filtered is one call, and the sentence says so", async () => {
    const run = await runScripted(planner, [[finished("content_filter")], good]);
    expect(run.outcome).toMatchObject({
      code: "gateway_refused",
      message: expect.stringContaining("content rules"),
      release: null,
    });
    expect(run.requests).toHaveLength(1);
  });

  test("that hit the length limit is one call, and the sentence speaks of thinking", async () => {
    const run = await runScripted(planner, [[finished("length")], good]);
    expect(run.outcome).toMatchObject({
      code: "invalid_output",
      message: expect.stringContaining("budget on thinking"),
      release: null,
      truncated: true,
    });
    expect(run.requests).toHaveLength(1);
  });
});

describe("a failure whose sentence is its own", () => {
  test("is told with it: what an operator has to check", async () => {
    const sentence = "The gateway answered a web page; check AI_GATEWAY_URL.";
    const failure = { ...failed("gateway_refused", { retryable: false }), sentence };
    const run = await runScripted(planner, [[failure], good]);
    expect(run.outcome).toMatchObject({ message: sentence, release: null });
    expect(run.requests).toHaveLength(1);
  });

  test("is told as filtered if the content rules refused the prompt", async () => {
    const failure = { ...failed("gateway_refused", { retryable: false }), isFiltered: true };
    const run = await runScripted(planner, [[failure]]);
    expect(run.outcome).toMatchObject({ message: expect.stringContaining("content rules") });
  });
});
