import { HttpAgent, type RunAgentResult } from "@ag-ui/client";
import type { ReaderEvent } from "@cmo/shared/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newAgUiEncoder } from "./ag-ui.ts";
import { sampleRun } from "./sample-run.ts";

const run = sampleRun();

function attemptOf(attempt: number, pieces: readonly string[]): ReaderEvent[] {
  let offset = 0;
  const opening: ReaderEvent = {
    type: "attempt",
    id: `${attempt}-0`,
    data: { attempt, reset: attempt > 1, reason: null },
  };
  const deltas = pieces.map((text): ReaderEvent => {
    const event: ReaderEvent = { type: "delta", id: `${attempt}-1`, data: { text, offset } };
    offset += text.length;
    return event;
  });
  return [opening, ...deltas];
}

const ended = { usage: null, duration_ms: 1, artifacts: [], warnings: [], text_length: 0 };
const completed: ReaderEvent = {
  type: "completed",
  id: "1-999999999",
  data: { output: { a: 1 }, ...ended },
};

function encode(events: readonly ReaderEvent[]): string {
  const encoder = newAgUiEncoder(run);
  const all: ReaderEvent[] = [{ type: "run", data: run }, ...events];
  return encoder.opening + all.map(encoder.encode).join("") + encoder.close();
}

interface Read {
  readonly texts: readonly unknown[];
  readonly result: RunAgentResult | null;
  readonly error: string | null;
}

/** The client's own agent, which checks every event and the order of all. */
async function readWithClient(wire: string): Promise<Read> {
  const agent = new HttpAgent({
    url: "http://localhost/ag-ui",
    threadId: run.id,
    fetch: async () => new Response(wire, { headers: { "content-type": "text/event-stream" } }),
  });
  const errors: string[] = [];
  const result = await agent
    .runAgent(
      { runId: run.id },
      { onRunErrorEvent: ({ event }) => void errors.push(event.message) },
    )
    .catch((thrown: unknown) => {
      errors.push(String(thrown));
      return null;
    });
  return { texts: agent.messages.map(({ content }) => content), result, error: errors[0] ?? null };
}

const pieces = fc.array(fc.string({ unit: "grapheme", minLength: 1 }), {
  minLength: 1,
  maxLength: 6,
});

describe("AG-UI, read by its own client", () => {
  test("whatever attempts a run has, the messages hold the text of the last one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 4 }), async (attempts) => {
        const events = attempts.flatMap((texts, index) => attemptOf(index + 1, texts));
        const { texts, result, error } = await readWithClient(encode([...events, completed]));
        expect(error).toBeNull();
        expect(texts).toEqual([attempts.at(-1)?.join("")]);
        expect(result?.result).toEqual({ a: 1 });
      }),
      { numRuns: 50 },
    );
  });

  test("what is no text arrives under its name, and nothing that it sends is refused", async () => {
    const events: ReaderEvent[] = [
      { type: "waiting", id: "1-1", data: { reason: "x", until: "2026-12-01T00:00:00Z" } },
      ...attemptOf(1, ["a"]),
      { type: "partial", id: "1-2", data: { path: "goals", value: [1] } },
      { type: "progress", id: "1-3", data: { percent: 40, done: [] } },
      { type: "snapshot", data: { text: "ab", attempt: 1 } },
      completed,
    ];
    expect(await readWithClient(encode(events))).toMatchObject({ texts: ["ab"], error: null });
  });

  test("a failure and a connection that ends early are errors of the run", async () => {
    const data = { code: "gateway_error", error: "It failed.", retryable: true, text_length: 0 };
    const failed: ReaderEvent = { type: "failed", id: "1-999999999", data };
    expect((await readWithClient(encode([...attemptOf(1, ["a"]), failed]))).error).toBe(
      "It failed.",
    );
    expect((await readWithClient(encode(attemptOf(1, ["a"])))).error).toMatch(/still in progress/);
  });

  test("a cancelled run has finished", async () => {
    const cancelled: ReaderEvent = {
      type: "cancelled",
      id: "1-999999999",
      data: { text_length: 1 },
    };
    const wire = encode([...attemptOf(1, ["a"]), cancelled]);
    expect(await readWithClient(wire)).toMatchObject({ texts: ["a"], error: null });
  });
});
