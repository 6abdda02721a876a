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
  isRefusal,
  isUnreached,
  OverlongBody,
  wrongAnswer,
} from "./classify-failure.ts";
import {
  type AnswerEnd,
  type ChatRequest,
  type Gateway,
  type GatewayAnswer,
  type GatewayFailure,
  NOTHING_DUE,
  type TextTaker,
} from "./gateway.ts";
import { type AnswerOpener, createAnswerOpener, type OpenAnswer } from "./open-answer.ts";
import { createQuote, type Quote } from "./quote.ts";
import { AnswerReader } from "./read-answer.ts";
import type { StreamCaps } from "./read-frames.ts";
import { readStart, readSuccess } from "./read-success.ts";
import { toRequestHeaders } from "./request-headers.ts";
import { parseRetryAfterMs } from "./retry-after.ts";
import { createSilenceLimit, type SilenceTimeouts } from "./silence-limit.ts";

export interface HttpGatewayOptions {
  /** The address without `/chat/completions`. */
  readonly baseUrl: string;
  /** Empty for a gateway that needs none: no `Authorization` header is sent then. */
  readonly apiKey: string;
  /** Additional headers of the request. Their values are secrets. They never replace our own. */
  readonly headers?: Readonly<Record<string, string>>;
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
  readonly quote: Quote;
  readonly onText: TextTaker;
}

export function createHttpGateway(options: HttpGatewayOptions): HttpGateway {
  const opener = createAnswerOpener();
  const quote = createQuote([options.apiKey, ...Object.values(options.headers ?? {})]);
  return {
    async ask(request, onText) {
      let refused: GatewayAnswer = { usage: null, end: { type: "aborted" }, receipt: NOTHING_DUE };
      for (const model of request.models ?? options.models) {
        if (request.signal.aborted) break;
        const asked = await askModel({ options, opener, request, model, quote, onText });
        if (!asked.isModelRefused) return asked;
        refused = asked;
      }
      return request.signal.aborted ? { ...refused, end: { type: "aborted" } } : refused;
    },
    close: opener.close,
  };
}

interface ModelAnswer extends GatewayAnswer {
  /** Another model may be accepted. */
  readonly isModelRefused?: boolean;
}

async function askModel(call: Call): Promise<ModelAnswer> {
  const { options, request, quote } = call;
  const limit = createSilenceLimit({ ...TIMEOUTS, ...options.timeouts }, request.signal);
  const answer = new AnswerReader(call.model, quote);
  const taker = newSafeTaker(call.onText);
  const begin = newBeginning(call);
  let end: AnswerEnd;
  let isDue = false;
  request.onAsk?.(call.model);
  try {
    const response = await post(call, limit.signal);
    if (response.status < 200 || response.status > 299) {
      const { failure, isForModel } = await readRefusal(response, call);
      if (isForModel)
        return { usage: null, end: failure, receipt: NOTHING_DUE, isModelRefused: true };
      end = failure;
    } else {
      isDue = true;
      const caps = { ...CAPS, ...options.caps };
      const { onBegin } = begin;
      end = await readSuccess(response, {
        answer,
        limit,
        caps,
        quote,
        onText: taker.take,
        onBegin,
      });
      if (end.type === "finished") onBegin();
    }
  } catch (error) {
    isDue ||= !isUnreached(error);
    if (error instanceof OverlongBody) answer.cutOff();
    end = answer.place === "reading" ? failureOfException(error, quote) : answer.end();
  } finally {
    limit.end();
  }
  taker.rethrow();
  // guards G25: refused calls
  isDue &&= answer.hasContent || !(answer.hasFailed || isRefusal(end));
  const { usage, costMicros, hiddenLength } = answer;
  return {
    usage,
    end: request.signal.aborted ? { type: "aborted" } : end,
    receipt: { isDue, costMicros, hiddenLength },
    asked: begin.asked,
  };
}

function newBeginning({ request, model }: Call) {
  let hasBegun = false;
  return {
    onBegin(): void {
      if (!hasBegun) request.onBegin?.(model);
      hasBegun = true;
    },
    get asked() {
      return { model, hasBegun };
    },
  };
}

/** Keeps what a taker throws apart from failures of the gateway: it is a bug of ours. */
function newSafeTaker(onText: TextTaker) {
  let thrown: { readonly error: unknown } | null = null;
  const keep = (error: unknown): false => {
    thrown = { error };
    return false;
  };
  return {
    take(text: string): boolean | Promise<boolean> {
      try {
        const isWanted = onText(text);
        return typeof isWanted === "boolean" ? isWanted : isWanted.catch(keep);
      } catch (error) {
        return keep(error);
      }
    },
    rethrow(): void {
      if (thrown !== null) throw thrown.error;
    },
  };
}

function post({ options, opener, request, model }: Call, signal: AbortSignal): Promise<OpenAnswer> {
  return opener.open({
    url: toChatUrl(options.baseUrl),
    headers: toRequestHeaders(options, request.requestId),
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

/** The query stays behind the path: some addresses name a version of the API in it. */
function toChatUrl(baseUrl: string): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/chat/completions`;
  return url.href;
}

async function readRefusal(
  response: OpenAnswer,
  { model, quote }: Call,
): Promise<{ failure: GatewayFailure; isForModel: boolean }> {
  const { status, header } = response;
  const body = await readStart(response.body, MAX_ERROR_BYTES);
  if (status < 400) {
    return { failure: wrongAnswer(`a redirect (${status})`, ""), isForModel: false };
  }
  const retryAfterMs = parseRetryAfterMs(header, Date.now());
  return {
    failure: failureOfStatus({ status, body, retryAfterMs }, quote),
    isForModel: isModelRefusal(status, body, model),
  };
}
