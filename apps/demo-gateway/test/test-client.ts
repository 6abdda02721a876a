/** A client of the gateway for tests: `fetch` and an event-stream parser. */
import { setTimeout as delay } from "node:timers/promises";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { z } from "zod";
import type { ChatMessage } from "../src/read-chat-request.ts";
import type { RecordedRequest } from "../src/request-record.ts";

const chunkSchema = z.object({
  model: z.string(),
  choices: z.array(
    z.object({
      delta: z.object({ role: z.string().optional(), content: z.string().optional() }),
      finish_reason: z.string().nullable(),
    }),
  ),
  usage: z.object({ total_tokens: z.number() }).optional(),
});

export interface Question {
  readonly messages: readonly ChatMessage[];
  readonly requestId?: string;
  readonly signal?: AbortSignal;
}

/** The content of a complete stream. */
export interface Heard {
  readonly text: string;
  readonly chunks: readonly z.infer<typeof chunkSchema>[];
  /** Data lines that are not chunks. */
  readonly others: readonly string[];
  /** Whether the connection broke instead of ending. */
  readonly error: unknown;
}

export const KEY = "a-key-for-tests";
export const MODEL = "google/gemini-2.5-flash";

export function post(url: string, { messages, requestId = "", signal }: Question) {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${KEY}`,
      "content-type": "application/json",
      "x-request-id": requestId,
    },
    body: JSON.stringify({ model: MODEL, messages, stream: true }),
    ...(signal ? { signal } : {}),
  });
}

export async function hear(response: Response): Promise<Heard> {
  const chunks: z.infer<typeof chunkSchema>[] = [];
  const others: string[] = [];
  let error: unknown = null;
  try {
    for await (const data of framesOf(response)) {
      const chunk = chunkSchema.safeParse(parseJson(data));
      if (chunk.success) chunks.push(chunk.data);
      else others.push(data);
    }
  } catch (cause) {
    // Some tests request a broken connection.
    error = cause;
  }
  const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
  return { text, chunks, others, error };
}

export async function* framesOf(response: Response): AsyncGenerator<string> {
  if (!response.body) throw new Error("The gateway answered without a body.");
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) yield data;
}

const recordSchema: z.ZodType<readonly RecordedRequest[]> = z.array(z.custom<RecordedRequest>());

export async function recordOf(url: string, runId: string): Promise<readonly RecordedRequest[]> {
  const response = await fetch(`${url}/record/${runId}`);
  return recordSchema.parse(await response.json());
}

/** The only request of a run, after it has closed. */
export async function closedRequest(url: string, runId: string): Promise<RecordedRequest> {
  const deadline = AbortSignal.timeout(5_000);
  while (!deadline.aborted) {
    const [entry] = await recordOf(url, runId);
    if (entry?.closedAt) return entry;
    await delay(5);
  }
  throw new Error(`The request of run ${runId} has not closed within 5 seconds.`);
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // `[DONE]`, or a line that a fault has damaged.
    return undefined;
  }
}
