import { ERROR_CODES } from "@cmo/shared/contract";
import { describe, expect, test } from "vitest";
import {
  failed,
  finished,
  planner,
  runScripted,
  text,
  textOfDeltas,
} from "../../test/scripted-run.ts";
import { failureSentence } from "./failure-sentence.ts";

const good = [text('{"title":"x"}'), finished()];
const wait = { onRateLimit: "wait" } as const;
const fail = { onRateLimit: "fail" } as const;

describe("before the first text", () => {
  test("a temporary failure is retried twice, with growing delays", async () => {
    const scripts = [[failed("gateway_error")], [failed("gateway_timeout")], good];
    const run = await runScripted(planner, scripts);
    expect(run.outcome.kind).toBe("completed");
    expect(run.requests.map(({ requestId }) => requestId)).toEqual([
      "run-1-1",
      "run-1-2",
      "run-1-3",
    ]);
    expect(run.waitsMs).toEqual([500, 2000]);
  });

  test("and then the run is released, for another attempt", async () => {
    const scripts = Array.from({ length: 4 }, () => [failed("gateway_error")]);
    const run = await runScripted(planner, scripts);
    expect(run.outcome).toMatchObject({ kind: "failed", code: "gateway_error", release: "failed" });
    expect(run.requests).toHaveLength(3);
  });

  test.each([
    [0, [375, 1500]],
    [0.999, [625, 2499]],
  ])("the waits are spread: %f gives %j", async (random, expected) => {
    const scripts = [[failed("gateway_error")], [failed("gateway_error")], good];
    expect((await runScripted(planner, scripts, { random: () => random })).waitsMs).toEqual(
      expected,
    );
  });

  test.each(["payment_required", "gateway_refused"] as const)(
    "%s ends the run at once",
    async (code) => {
      const run = await runScripted(planner, [[failed(code, { retryable: false })], good]);
      expect(run.outcome).toMatchObject({ kind: "failed", code, release: null });
      expect(run.requests).toHaveLength(1);
    },
  );

  test("a stream without an end is retried", async () => {
    const run = await runScripted(planner, [[], [], [text("")]]);
    expect(run.outcome).toMatchObject({ code: "incomplete_stream", release: "failed" });
    expect(run.requests).toHaveLength(3);
  });
});

describe("after the first text", () => {
  test("nothing is tried again here: the run is released, with the text", async () => {
    const run = await runScripted(planner, [[text('{"ti'), failed("incomplete_stream")], good]);
    expect(run.outcome).toMatchObject({
      code: "incomplete_stream",
      release: "failed",
      text: '{"ti',
      textLength: 4,
    });
    expect(run.requests).toHaveLength(1);
    expect(textOfDeltas(run.events)).toBe('{"ti');
  });

  test("a filtered answer ends the run, and says why", async () => {
    const run = await runScripted(planner, [[text("{"), finished("content_filter")]]);
    expect(run.outcome).toMatchObject({
      code: "gateway_refused",
      message: expect.stringContaining("content rules"),
      release: null,
      text: "{",
    });
  });
});

describe("a rate limit", () => {
  const limited = (retryAfterMs: number | null) => failed("rate_limited", { retryAfterMs });

  test("fails at once for a caller who waits, with the time that was asked for", async () => {
    const run = await runScripted(planner, [[limited(2000)], good], fail);
    expect(run.outcome).toMatchObject({ code: "rate_limited", release: null, retryAfterMs: 2000 });
    expect(run.requests).toHaveLength(1);
  });

  test("is waited for within the attempt, and readers see until when", async () => {
    const run = await runScripted(planner, [[limited(7000)], good], wait);
    expect(run.outcome.kind).toBe("completed");
    expect(run.events[0]).toEqual({
      type: "waiting",
      data: { reason: "rate_limited", until: "2026-11-23T12:00:07.000Z" },
    });
    expect(run.waitsMs).toEqual([7000]);
  });

  test("without a time is waited out as any other failure", async () => {
    const run = await runScripted(planner, [[limited(null)], [limited(0)], good], wait);
    expect(run.outcome.kind).toBe("completed");
    expect(run.waitsMs).toEqual([500, 2000]);
  });

  test("that would occupy a slot for too long releases the run", async () => {
    const run = await runScripted(planner, [[limited(30_001)], good], wait);
    expect(run.outcome).toMatchObject({ release: "rate_limited", retryAfterMs: 30_001 });
    expect(run.waitsMs).toEqual([]);
  });

  test("that does not pass releases the run", async () => {
    const run = await runScripted(planner, [[limited(1)], [limited(1)], [limited(9)]], wait);
    expect(run.outcome).toMatchObject({ release: "rate_limited", retryAfterMs: 9 });
    expect(run.requests).toHaveLength(3);
  });
});

test("a sentence for marketers never quotes the provider, and states what to do", async () => {
  const { outcome } = await runScripted(planner, [[text("{"), failed("gateway_error")]]);
  expect(outcome).toMatchObject({
    message: failureSentence("gateway_error"),
    detail: "the provider's secret words",
  });
  for (const code of ["internal", "rate_limited", "invalid_output"] as const) {
    expect(ERROR_CODES).toHaveProperty(code);
    expect(failureSentence(code)).toMatch(/again|administrator/);
  }
});

test("usage is emitted as it arrives, and kept when the run fails", async () => {
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  const script = [text("{"), { type: "usage", usage } as const, failed("gateway_error")];
  const run = await runScripted(planner, [script]);
  expect(run.outcome).toMatchObject({ usage });
  expect(run.events).toContainEqual({ type: "usage", data: usage });
});

test("other work goes on while a whole answer of a megabyte arrives at once", async () => {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);

  const run = await runScripted(planner, [[text("x".repeat(1_000_000)), finished()]]);
  isOver = true;

  expect(turns).toBeGreaterThan(50);
  expect(run.outcome).toMatchObject({ code: "invalid_output", textLength: 1_000_000 });
  expect(textOfDeltas(run.events)).toBe("x".repeat(1_000_000));
});

describe("while the pool leaves the gateway alone", () => {
  const pausedUntil = "2026-12-01T12:00:07.000Z";
  const paused = failed("rate_limited", { retryAfterMs: 0, pausedUntil });

  test("a run gives its slot back at once, and its reader knows until when it waits", async () => {
    const run = await runScripted(planner, [[paused], good], wait);
    expect(run.outcome).toMatchObject({ code: "rate_limited", release: "rate_limited" });
    expect(run.outcome).toMatchObject({ retryAfterMs: 0 });
    expect(run.requests).toHaveLength(1);
    const waiting = { type: "waiting", data: { reason: "rate_limited", until: pausedUntil } };
    expect(run.events).toContainEqual(waiting);
  });

  test("also after the first text, which it keeps", async () => {
    const run = await runScripted(planner, [[text('{"ti'), paused], good], wait);
    expect(run.outcome).toMatchObject({ release: "rate_limited", text: '{"ti' });
  });

  test("a caller who does not want to wait is told at once", async () => {
    const run = await runScripted(planner, [[paused], good], fail);
    expect(run.outcome).toMatchObject({ code: "rate_limited", release: null });
    expect(run.events.some(({ type }) => type === "waiting")).toBe(false);
  });
});
