/**
 * The gateway over HTTP: one POST per answer, read as server-sent events.
 *
 * It uses a plain request and a parser. Vendor clients lose errors of unfamiliar shapes, end cut
 * streams silently and lack the limits that a worker needs.
 */
import {
  failureOfException,
  failureOfStatus,
  isModelRefusal,
  OverlongBody,
} from "./classify-failure.ts";
import type { ChatRequest, Gateway, GatewayEvent, GatewayFailure } from "./gateway.ts";
import { type AnswerOpener, createAnswerOpener, type OpenAnswer } from "./open-answer.ts";
import { AnswerReader } from "./read-answer.ts";
import { readFrames, type StreamCaps } from "./read-frames.ts";
import { parseRetryAfterMs } from "./retry-after.ts";
import { createSilenceLimit, type SilenceLimit, type SilenceTimeouts } from "./silence-limit.ts";

export interface HttpGatewayOptions {
  /** The address without `/chat/completions`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** The model, followed by the fallbacks if the gateway refuses the previous one. */
  readonly models: readonly [string, ...string[]];
  /** Additional members of the request, such as a temperature. They never replace our own. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly timeouts?: Partial<SilenceTimeouts>;
  readonly caps?: Partial<StreamCaps>;
}

/** For tests and callers without settings. After the finish reason only the usage follows. */
const TIMEOUTS: SilenceTimeouts = { firstDataMs: 60_000, idleMs: 30_000, afterFinishMs: 5_000 };
/**
 * Most of a body is envelope: a token of four characters arrives in a chunk of about 250 bytes, so
 * the longest text, 1 MiB, needs 64 MiB on the wire. The body is streamed; only one line is held.
 */
const CAPS: StreamCaps = { maxLineLength: 1024 * 1024, maxBodyBytes: 64 * 1024 * 1024 };
/** A longer error body is a web page. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface HttpGateway extends Gateway {
  close(): Promise<void>;
}

interface Call {
  readonly options: HttpGatewayOptions;
  readonly opener: AnswerOpener;
  readonly request: ChatRequest;
  readonly model: string;
}

export function createHttpGateway(options: HttpGatewayOptions): HttpGateway {
  const opener = createAnswerOpener();
  return {
    async *stream(request) {
      let refusal: GatewayEvent = { type: "aborted" };
      for (const model of options.models) {
        if (request.signal.aborted) break;
        const refused: GatewayFailure | null = yield* ask({ options, opener, request, model });
        if (refused === null) return;
        refusal = refused;
      }
      yield request.signal.aborted ? { type: "aborted" } : withoutKey(refusal, options.apiKey);
    },
    close: opener.close,
  };
}

/** Streams the answer of one model; returns the failure instead if the model is refused. */
async function* ask(call: Call): AsyncGenerator<GatewayEvent, GatewayFailure | null> {
  const { options, request } = call;
  const limit = createSilenceLimit({ ...TIMEOUTS, ...options.timeouts }, request.signal);
  const answer = new AnswerReader(call.model);
  let ending: GatewayEvent;
  try {
    const response = await post(call, limit.signal);
    if (response.status < 200 || response.status > 299) {
      const { failure, isForModel } = await readRefusal(response, call);
      if (isForModel) return failure;
      ending = failure;
    } else {
      yield* readTexts(response, { answer, limit, caps: { ...CAPS, ...options.caps } });
      ending = answer.end();
    }
  } catch (error) {
    if (error instanceof OverlongBody) answer.cutOff();
    ending = answer.place === "reading" ? failureOfException(error) : answer.end();
  } finally {
    limit.end();
  }
  if (answer.usage) yield { type: "usage", usage: answer.usage };
  yield request.signal.aborted ? { type: "aborted" } : withoutKey(ending, options.apiKey);
  return null;
}

function post({ options, opener, request, model }: Call, signal: AbortSignal): Promise<OpenAnswer> {
  return opener.open({
    url: `${options.baseUrl.replace(/\/+$/, "")}/chat/completions`,
    headers: {
      Authorization: `Bearer ${options.apiKey}`,
      "Content-Type": "application/json",
      Accept: "text/event-stream",
      // Compressing tokens one at a time only delays them.
      "Accept-Encoding": "identity",
      "x-request-id": request.requestId,
    },
    body: JSON.stringify({
      ...options.extraBody,
      model,
      messages: request.messages,
      stream: true,
    }),
    // guards G10
    signal,
  });
}

interface Reading {
  readonly answer: AnswerReader;
  readonly limit: SilenceLimit;
  readonly caps: StreamCaps;
}

async function* readTexts(response: OpenAnswer, reading: Reading): AsyncGenerator<GatewayEvent> {
  const { answer, limit, caps } = reading;
  for await (const frame of readFrames(response.body, caps, limit.sawBytes)) {
    // One read may contain many frames; after an abort all of them are ignored.
    limit.signal.throwIfAborted();
    const text = answer.take(frame);
    if (answer.saidSomething) limit.sawData();
    if (text !== "") yield { type: "text", text };
    if (answer.place === "over") return;
    if (answer.place === "finishing") limit.sawFinish();
  }
}

async function readRefusal(
  response: OpenAnswer,
  { model }: Call,
): Promise<{ failure: GatewayFailure; isForModel: boolean }> {
  const body = await readStart(response);
  const { status, header } = response;
  const retryAfterMs = parseRetryAfterMs(header, Date.now());
  return {
    failure: failureOfStatus({ status, body, retryAfterMs }),
    isForModel: isModelRefusal(status, body, model),
  };
}

/** The part of an error body that arrives. If the body is cut off, the status is sufficient. */
async function readStart(response: OpenAnswer): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const bytes of response.body) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > MAX_ERROR_BYTES) break;
    }
  } catch {
    text += " (the rest did not arrive)";
  }
  return text;
}

/** Some gateways quote the key in the error that refuses it. */
function withoutKey(event: GatewayEvent, apiKey: string): GatewayEvent {
  if (event.type !== "failed" || apiKey === "") return event;
  // guards G21
  return { ...event, message: event.message.replaceAll(apiKey, "[key]") };
}
