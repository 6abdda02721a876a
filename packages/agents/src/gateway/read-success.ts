/**
 * Reads the body of a successful response: a stream of chunks, one whole completion, or an error.
 * Anything else is refused, because it comes from an address that is no gateway.
 */
import { type BodyKind, openBody } from "./body-kind.ts";
import { UnreadableStream, wrongAnswer } from "./classify-failure.ts";
import type { GatewayEvent } from "./gateway.ts";
import type { OpenAnswer } from "./open-answer.ts";
import type { Quote } from "./quote.ts";
import type { AnswerReader } from "./read-answer.ts";
import { readFrames, type StreamCaps } from "./read-frames.ts";
import type { SilenceLimit } from "./silence-limit.ts";

export interface Reading {
  readonly answer: AnswerReader;
  readonly limit: SilenceLimit;
  readonly caps: StreamCaps;
  readonly quote: Quote;
}

/** JSON writes a character with six at most, so this holds a whole answer of 1 MiB. */
const MAX_WHOLE_BYTES = 8 * 1024 * 1024;
/** Enough to recognize what a body is. */
const MAX_SHOWN_BYTES = 4 * 1024;

/** Yields the texts of the answer and returns its end. Throws what the body throws. */
export async function* readSuccess(
  response: OpenAnswer,
  reading: Reading,
): AsyncGenerator<GatewayEvent, GatewayEvent> {
  const { answer, limit, caps, quote } = reading;
  const limits = { maxBytes: caps.maxBodyBytes, onBytes: limit.sawBytes };
  const contentType = response.header("content-type") ?? "";
  const { kind, body } = await openBody(response.body, contentType, limits);
  if (kind === "stream") {
    yield* readTexts(body, reading);
    return answer.end();
  }
  if (kind !== "json") {
    const start = await readStart(body, MAX_SHOWN_BYTES);
    return wrongAnswer(NAMES[kind] ?? `${response.status} and nothing else`, quote(start));
  }
  limit.sawData();
  const json = await readWhole(body, limit.sawData);
  const text = answer.takeWhole(json);
  if (text === null) return wrongAnswer(nameOfJson(json), quote(json.slice(0, MAX_SHOWN_BYTES)));
  if (text !== "") yield { type: "text", text };
  return answer.end();
}

const JSON_LINES = "NDJSON, as Ollama does outside of /v1";
const NAMES: Partial<Record<BodyKind, string>> = {
  "json lines": JSON_LINES,
  "web page": "a web page",
  text: "text that is no stream of events",
};

function nameOfJson(json: string): string {
  return /^\{.*\}\s*\n\s*\{/.test(json) ? JSON_LINES : "JSON that is no chat completion";
}

async function* readTexts(
  body: AsyncIterable<Uint8Array>,
  { answer, limit, caps }: Reading,
): AsyncGenerator<GatewayEvent> {
  for await (const frame of readFrames(body, caps, limit.sawBytes)) {
    // One read may contain many frames; after an abort all of them are ignored.
    limit.signal.throwIfAborted();
    const text = answer.take(frame);
    if (answer.saidSomething) limit.sawData();
    if (text !== "") yield { type: "text", text };
    if (answer.place === "over") return;
    if (answer.place === "finishing") limit.sawFinish();
  }
}

async function readWhole(body: AsyncIterable<Uint8Array>, onBytes: () => void): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of body) {
    onBytes();
    text += decoder.decode(bytes, { stream: true });
    if (text.length > MAX_WHOLE_BYTES) {
      throw new UnreadableStream(`The gateway sent JSON of more than ${MAX_WHOLE_BYTES} bytes.`);
    }
  }
  return text;
}

/** The beginning of a body, or the part of it that arrives. */
export async function readStart(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const bytes of body) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > maxBytes) break;
    }
  } catch {
    text += " (the rest did not arrive)";
  }
  return text;
}
