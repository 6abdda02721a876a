import type { ReaderEvent } from "@cmo/shared/contract";
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from "ai";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleRun } from "./sample-run.ts";
import { newUiEncoder } from "./ui.ts";

const run = sampleRun();

function attemptEvent(attempt: number): ReaderEvent {
  return {
    type: "attempt",
    id: `${attempt}-0`,
    data: { attempt, reset: attempt > 1, reason: null },
  };
}

function deltas(pieces: readonly string[]): ReaderEvent[] {
  let offset = 0;
  return pieces.map((text) => {
    const event: ReaderEvent = { type: "delta", id: "1-1", data: { text, offset } };
    offset += text.length;
    return event;
  });
}

function completed(output: Record<string, unknown>): ReaderEvent {
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  const data = { output, usage, duration_ms: 1, artifacts: [], warnings: [], text_length: 0 };
  return { type: "completed", id: "1-999999999", data };
}

function encode(events: readonly ReaderEvent[]): string {
  const encoder = newUiEncoder(run);
  const all: ReaderEvent[] = [{ type: "run", data: run }, ...events];
  return encoder.opening + all.map(encoder.encode).join("") + encoder.close();
}

interface Read {
  readonly message: UIMessage | undefined;
  readonly errors: readonly unknown[];
}

/** What the transport of `useChat` and the reader of the AI SDK make of the bytes. */
async function readWithSdk(wire: string): Promise<Read> {
  const transport = new DefaultChatTransport({
    api: "http://localhost/v1/chat",
    fetch: async () =>
      new Response(wire, {
        headers: { "content-type": "text/event-stream", "x-vercel-ai-ui-message-stream": "v1" },
      }),
  });
  const errors: unknown[] = [];
  const stream = await transport.sendMessages({
    trigger: "submit-message",
    chatId: "chat",
    messageId: undefined,
    messages: [],
    abortSignal: undefined,
  });
  let message: UIMessage | undefined;
  const read = readUIMessageStream({ stream, onError: (error) => void errors.push(error) });
  for await (const next of read) message = next;
  return { message, errors };
}

function textOf(message: UIMessage | undefined): string {
  return (message?.parts ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");
}

const pieces = fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { maxLength: 8 });

describe("the UI message stream, read by the AI SDK itself", () => {
  test("whatever attempts a run has, its message holds the text of the last one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 4 }), async (attempts) => {
        const events = attempts.flatMap((texts, index) => [
          attemptEvent(index + 1),
          ...deltas(texts),
        ]);
        const { message, errors } = await readWithSdk(encode([...events, completed({ a: 1 })]));
        expect(errors).toEqual([]);
        expect(textOf(message)).toBe(attempts.at(-1)?.join(""));
        expect(message?.id).toBe(run.id);
        const output = { output: { a: 1 }, warnings: [] };
        expect(message?.parts.at(-1)).toMatchObject({ type: "data-output", data: output });
      }),
    );
  });

  test("a new attempt withdraws the sections and the progress of the one before", async () => {
    const partial: ReaderEvent = {
      type: "partial",
      id: "1-2",
      data: { path: "goals", value: [1] },
    };
    const progress: ReaderEvent = { type: "progress", id: "1-3", data: { percent: 40, done: [] } };
    const events = [attemptEvent(1), partial, progress, attemptEvent(2), ...deltas(["new"])];
    const { message } = await readWithSdk(encode(events));
    expect(message?.parts.map(({ type }) => type)).toEqual(["step-start", "text"]);
  });

  test("what was sent already is not repeated by a snapshot or an overlap", async () => {
    const events: ReaderEvent[] = [
      attemptEvent(2),
      ...deltas(["abc"]),
      { type: "snapshot", data: { text: "abcdef", attempt: 2 } },
      { type: "delta", id: "2-9", data: { text: "efg", offset: 4 } },
      completed({}),
    ];
    expect(textOf((await readWithSdk(encode(events))).message)).toBe("abcdefg");
  });

  test("a failure is the reader's error, with the sentence for its user", async () => {
    const data = { code: "gateway_error", error: "It failed.", retryable: true, text_length: 0 };
    const events: ReaderEvent[] = [attemptEvent(1), { type: "failed", id: "1-999999999", data }];
    expect((await readWithSdk(encode(events))).errors).toEqual([new Error("It failed.")]);
  });

  test("every ending closes the stream once, also one that never came", () => {
    const cancelled: ReaderEvent = {
      type: "cancelled",
      id: "1-999999999",
      data: { text_length: 0 },
    };
    const reconnect: ReaderEvent = { type: "reconnect", data: { reason: "planned", after: null } };
    for (const ending of [completed({}), cancelled, reconnect]) {
      const wire = encode([attemptEvent(1), ...deltas(["a"]), ending]);
      expect(wire.split("[DONE]")).toHaveLength(2);
      expect(wire.endsWith("data: [DONE]\n\n")).toBe(true);
    }
  });
});
