/** Answers one chat completion, from the request to the last byte of the response. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { answerTo } from "./answers/answer-to.ts";
import type { Fault } from "./fault.ts";
import { type AskedFault, FAULTS, findFault } from "./faults.ts";
import { findCorrected } from "./find-corrected.ts";
import { addNoise, type Noise } from "./noise/add-noise.ts";
import { newPace, type Ticker } from "./pace.ts";
import { playScript } from "./play-script.ts";
import {
  type ChatMessage,
  newRefusal,
  type Refusal,
  readChatRequest,
} from "./read-chat-request.ts";
import { parseRequestId, type RecordedRequest, type RequestRecord } from "./request-record.ts";
import { newScript } from "./script.ts";

export interface AnswerSettings {
  readonly key: string;
  /** 0: as fast as the client reads. */
  readonly piecesPerSecond: number;
  readonly pieceChars: number;
  /** Damages answers for which no fault was requested. */
  readonly noise: Noise;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly settings: AnswerSettings;
  readonly record: RequestRecord;
  readonly ticker: Ticker;
}

type Plan =
  | { readonly kind: "healthy" }
  | { readonly kind: "faulty"; readonly fault: Fault; readonly n: number }
  | { readonly kind: "refused"; readonly refusal: Refusal };

const HEALTHY: Fault = { description: "No fault." };

export async function answerChat(exchange: Exchange): Promise<void> {
  const { request, response, settings, record } = exchange;
  const entry = record.open(request.headers);
  const signal = watchClose(exchange, entry);
  const reading = readChatRequest({
    headers: request.headers,
    body: await text(request),
    key: settings.key,
  });
  if (reading.kind === "refused") return refuse(response, entry, reading.refusal);
  entry.model = reading.request.model;
  entry.members = Object.keys(reading.request);
  entry.messages = reading.request.messages;

  // A repair turn has neither context nor marker. Both are in the request that it corrects.
  const corrected = findCorrected(entry, record);
  const asked = corrected?.messages ?? entry.messages;
  const plan = planFault(findFault(asked), entry, record);
  if (plan.kind === "refused") return refuse(response, entry, plan.refusal);
  const [fault, n] = plan.kind === "faulty" ? [plan.fault, plan.n] : [HEALTHY, 0];
  const refusal = fault.refuse?.(n);
  if (refusal) return refuse(response, entry, refusal);

  const answer = answerFaultily(asked, fault, n);
  const reply = fault.reply?.(answer);
  if (reply) return refuse(response, entry, reply);
  const rate = fault.noise?.(n) ?? (plan.kind === "healthy" ? settings.noise.rate : 0);
  const noise = { ...settings.noise, rate };
  const script = newScript({
    text: addNoise(answer, corrected ? "repair" : "answer", noise),
    pieceChars: settings.pieceChars,
    messages: entry.messages,
  });
  await playScript(fault.script?.(script, n) ?? script, {
    response,
    entry,
    signal,
    pace: newPace(exchange.ticker, fault.piecesPerSecond?.(n) ?? settings.piecesPerSecond),
    envelope: newEnvelope(reading.request.model),
  });
}

/** Records how the entry ended. The returned signal aborts when the connection closes. */
function watchClose({ response }: Exchange, entry: RecordedRequest): AbortSignal {
  const closed = new AbortController();
  response.once("close", () => {
    entry.closedBy ??= "client";
    entry.closedAt = new Date().toISOString();
    closed.abort();
  });
  return closed.signal;
}

function planFault(asked: AskedFault | null, entry: RecordedRequest, record: RequestRecord): Plan {
  if (!asked) return { kind: "healthy" };
  const fault = Object.hasOwn(FAULTS, asked.name) ? FAULTS[asked.name] : undefined;
  if (!fault) {
    const known = Object.keys(FAULTS).join(", ");
    const message = `There is no fault "${asked.name}". Known faults: ${known}.`;
    return { kind: "refused", refusal: newRefusal(400, message, "unknown_fault") };
  }
  const { runId, attempt } = parseRequestId(entry.requestId);
  const isPast =
    (asked.only === "once" && record.ofRun(runId)[0] !== entry) ||
    (asked.only === "first-attempt" && attempt > 1);
  if (isPast) return { kind: "healthy" };
  entry.fault = asked.marker;
  return { kind: "faulty", fault, n: asked.n ?? fault.number?.default ?? 0 };
}

function answerFaultily(messages: readonly ChatMessage[], fault: Fault, n: number): string {
  const today = new Date().toISOString().slice(0, 10);
  const answer = answerTo(messages, today);
  const instructions = messages.find(({ role }) => role === "system")?.content ?? "";
  return fault.answer?.(answer, n, instructions) ?? answer;
}

function newEnvelope(model: string): Readonly<Record<string, unknown>> {
  return {
    id: `chatcmpl-demo-${randomUUID()}`,
    object: "chat.completion.chunk",
    created: Math.floor(Date.now() / 1_000),
    model,
  };
}

function refuse(response: ServerResponse, entry: RecordedRequest, refusal: Refusal): void {
  const { status, headers, body } = refusal;
  const isJson = typeof body === "object" && !(body instanceof Uint8Array);
  const content = Buffer.from(isJson ? JSON.stringify(body) : body);
  entry.status = status;
  entry.bytesSent = content.length;
  entry.closedBy = "gateway";
  response.writeHead(status, {
    "content-type": isJson ? "application/json" : "text/html",
    ...headers,
  });
  response.end(content);
}
