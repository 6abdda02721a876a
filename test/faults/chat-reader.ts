/**
 * A screen of the AI SDK: the `Chat` that its `useChat` holds, with its `DefaultChatTransport`, both as they are
 * published. When a connection breaks it is told to resume, as a reload tells it, until the run has ended.
 *
 * What it shows in the end is recorded, and compared with the row.
 */
import { setTimeout as delay } from "node:timers/promises";
import { Chat } from "@ai-sdk/react";
import { DefaultChatTransport, type UIMessage } from "ai";
import { z } from "zod";
import type { ChatDone } from "./history.ts";
import type { ReaderOptions } from "./reader.ts";

export interface ChatReader {
  readonly done: Promise<ChatDone["how"]>;
  leave(): void;
}

type ChatReaderOptions = Omit<ReaderOptions, "onEvent">;

const PAUSE_MS = 200;
const ANSWER_WITHIN_MS = 5_000;
/** Longer than any run may take in a scenario. */
const PATIENCE_MS = 180_000;

const runSchema = z.object({ status: z.string() });

export function readWithChat(options: ChatReaderOptions): ChatReader {
  const { name, runId, recorder } = options;
  const leaving = new AbortController();
  const place = { turn: 0, connections: 0, hasFinished: false };
  const chat = new Chat<UIMessage>({
    id: runId,
    transport: new DefaultChatTransport({
      headers: { authorization: `Bearer ${options.token}` },
      prepareReconnectToStreamRequest: ({ id }) => ({
        api: `${urlAt(options, place.turn)}/v1/runs/${id}/events?format=ui`,
      }),
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (response.status === 200) place.connections += 1;
        return unlessSilent(response, options.silenceMs);
      },
    }),
    onFinish: ({ finishReason, isError }) => {
      place.hasFinished ||= finishReason !== undefined && !isError;
    },
  });
  // Else a connection that has nothing to say would keep it from leaving.
  leaving.signal.addEventListener("abort", () => void chat.stop());

  async function follow(): Promise<ChatDone["how"]> {
    const deadline = performance.now() + PATIENCE_MS;
    for (; performance.now() < deadline; place.turn += 1) {
      const status = await readStatus(options, place.turn);
      if (leaving.signal.aborted) return "left";
      await chat.resumeStream();
      if (leaving.signal.aborted) return "left";
      if (place.hasFinished) return "ended";
      const wasOver = status !== null && status !== "running";
      // Its stream is whole when it says so itself: an `error` or an `abort` part.
      if (wasOver && wasToldOfEnd(chat)) return "ended";
      await delay(PAUSE_MS, undefined, { signal: leaving.signal }).catch(() => undefined);
    }
    return "gave_up";
  }

  const done = follow().then((how) => {
    const { connections } = place;
    recorder.note({ kind: "chat_done", reader: name, runId, how, text: textOf(chat), connections });
    return how;
  });
  return { done, leave: () => leaving.abort() };
}

function urlAt({ urls }: ChatReaderOptions, turn: number): string {
  return urls[turn % urls.length] ?? "";
}

/** Errors of the connection are `TypeError`, and those of a response have its status. */
function wasToldOfEnd({ status, error }: Chat<UIMessage>): boolean {
  if (status === "ready") return true;
  return error !== undefined && !(error instanceof TypeError) && !("statusCode" in error);
}

/** The text of the answer, as a screen shows it. */
function textOf({ messages }: Chat<UIMessage>): string {
  const parts = messages.at(-1)?.parts ?? [];
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** Null when there is no answer. */
async function readStatus(options: ChatReaderOptions, turn: number): Promise<string | null> {
  try {
    const response = await fetch(`${urlAt(options, turn)}/v1/runs/${options.runId}`, {
      headers: { authorization: `Bearer ${options.token}` },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return runSchema.safeParse(await response.json()).data?.status ?? null;
  } catch {
    // It is asked again before the next connection.
    return null;
  }
}

/** The same response, whose body fails when nothing has come for so long. */
function unlessSilent(response: Response, silenceMs: number): Response {
  if (response.body === null) return response;
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new TypeError("network: silence")), silenceMs);
  const watched = response.body.pipeThrough(
    new TransformStream({
      transform(bytes, controller) {
        timer.refresh();
        controller.enqueue(bytes);
      },
      flush: () => clearTimeout(timer),
      cancel: () => clearTimeout(timer),
    }),
    { signal: silence.signal },
  );
  return new Response(watched, { status: response.status, headers: response.headers });
}
