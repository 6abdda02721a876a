/**
 * Reads the body of a successful response: a stream of chunks, one whole completion, or an error.
 * Anything else is refused, because it comes from an address that is no gateway.
 */
import { type BodyKind, newBodyStart } from "./body-kind.ts";
import { OverlongBody, UnreadableStream, wrongAnswer } from "./classify-failure.ts";
import type { AnswerEnd, TextTaker } from "./gateway.ts";
import type { OpenAnswer } from "./open-answer.ts";
import type { Quote } from "./quote.ts";
import type { AnswerReader } from "./read-answer.ts";
import { type BytesTaker, readBody } from "./read-body.ts";
import { newFrameReader, type StreamCaps } from "./read-frames.ts";
import type { SilenceLimit } from "./silence-limit.ts";

export interface Reading {
  readonly answer: AnswerReader;
  readonly limit: SilenceLimit;
  readonly caps: StreamCaps;
  readonly quote: Quote;
  readonly onText: TextTaker;
  /** Text or thoughts arrived. May be called again. */
  readonly onBegin: () => void;
}

/** Reads a body of one kind. */
interface BodyReader {
  readonly push: BytesTaker;
  /** The end of the answer, once the body has ended or no more of it was wanted. */
  end(): AnswerEnd | Promise<AnswerEnd>;
}

/** JSON writes a character with six at most, so this holds a whole answer of 1 MiB. */
const MAX_WHOLE_BYTES = 8 * 1024 * 1024;
/** Enough to recognize what a body is. */
const MAX_SHOWN_BYTES = 4 * 1024;

/** Returns how the answer ended. Throws what the body throws. */
export async function readSuccess(response: OpenAnswer, reading: Reading): Promise<AnswerEnd> {
  const { limit, caps } = reading;
  const start = newBodyStart(response.header("content-type") ?? "", caps.maxBodyBytes);
  let reader: BodyReader | null = null;
  await readBody(response.body, (bytes) => {
    limit.sawBytes();
    if (reader !== null) return reader.push(bytes);
    if (!start.push(bytes)) return true;
    reader = newBodyReader(start.kind, response.status, reading);
    return reader.push(start.bytes);
  });
  if (reader === null) {
    // The body was too short to tell before its end.
    reader = newBodyReader(start.kind, response.status, reading);
    await reader.push(start.bytes);
  }
  return reader.end();
}

function newBodyReader(kind: BodyKind, status: number, reading: Reading): BodyReader {
  if (kind === "stream") return newStreamReader(reading);
  if (kind === "json") return newWholeReader(reading);
  return newOtherReader(NAMES[kind] ?? `${status} and nothing else`, reading);
}

function newStreamReader({ answer, limit, caps, onText, onBegin }: Reading): BodyReader {
  let text = "";
  let isWanted: boolean | Promise<boolean> = true;
  const frames = newFrameReader(caps, (frame) => {
    if (answer.place === "over") return;
    text += answer.take(frame);
    if (answer.saidSomething) limit.sawData();
    // A frame with an error ends the answer, and begins none.
    if (answer.saidSomething && answer.place === "reading") onBegin();
    if (answer.place === "finishing") limit.sawFinish();
  });
  const passText = (): boolean | Promise<boolean> => {
    if (text === "") return true;
    const passed = text;
    text = "";
    isWanted = onText(passed);
    return isWanted;
  };
  return {
    push(bytes) {
      frames.push(bytes);
      const isMoreWanted = passText();
      return answer.place === "over" || frames.isOverlong ? false : isMoreWanted;
    },
    async end() {
      if (!(await isWanted)) return { type: "aborted" };
      if (frames.isOverlong) {
        throw new OverlongBody(`The gateway sent more than ${caps.maxBodyBytes} bytes.`);
      }
      frames.end();
      await passText();
      return answer.end();
    },
  };
}

function newWholeReader({ answer, limit, quote, onText }: Reading): BodyReader {
  const decoder = new TextDecoder();
  let json = "";
  return {
    push(bytes) {
      limit.sawData();
      json += decoder.decode(bytes, { stream: true });
      if (json.length <= MAX_WHOLE_BYTES) return true;
      throw new UnreadableStream(`The gateway sent JSON of more than ${MAX_WHOLE_BYTES} bytes.`);
    },
    async end() {
      const text = answer.takeWhole(json);
      if (text === null)
        return wrongAnswer(nameOfJson(json), quote(json.slice(0, MAX_SHOWN_BYTES)));
      if (text !== "") await onText(text);
      return answer.end();
    },
  };
}

function newOtherReader(name: string, { quote }: Reading): BodyReader {
  const start = newStartOfText(MAX_SHOWN_BYTES);
  return { push: start.push, end: () => wrongAnswer(name, quote(start.text)) };
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

/** The beginning of a body, or the part of it that arrives. */
export async function readStart(body: OpenAnswer["body"], maxBytes: number): Promise<string> {
  const start = newStartOfText(maxBytes);
  try {
    await readBody(body, start.push);
    return start.text;
  } catch {
    return `${start.text} (the rest did not arrive)`;
  }
}

function newStartOfText(maxBytes: number) {
  const decoder = new TextDecoder();
  let text = "";
  return {
    push(bytes: Uint8Array): boolean {
      text += decoder.decode(bytes, { stream: true });
      return text.length <= maxBytes;
    },
    get text() {
      return text;
    },
  };
}
