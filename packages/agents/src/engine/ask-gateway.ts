/**
 * Gets one whole answer from the gateway. Retries as long as no text has been emitted.
 *
 * Before the first text a failure costs only time, so it is retried here. After the first text a
 * retry is a new attempt, which readers see, and only the worker may begin it.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { AttemptCall, WorkEvent } from "@cmo/shared/contract";
import type { Clock } from "@cmo/shared/runtime";
import type { ChatMessage } from "../agent/chat-message.ts";
import type { Agent } from "../agent/define-agent.ts";
import { placeCanary } from "../answer-text/place-canary.ts";
import { newTextReceiver, type TextReceiver } from "../answer-text/receive-text.ts";
import type {
  AnswerEnd,
  ChatRequest,
  FinishReason,
  Gateway,
  GatewayAnswer,
  GatewayFailure,
} from "../gateway/gateway.ts";
import { roughTokens } from "../tokens/rough-tokens.ts";
import type { CallTally } from "./call-tally.ts";
import { bytesOf, type CountTokens, estimateUsage } from "./estimate-usage.ts";
import { EMPTY_SENTENCE, fruitlessSentence } from "./failure-sentence.ts";
import { type SpendMeter, UNMETERED } from "./spend-meter.ts";

export interface AskPolicy {
  /** The delay before each retry; there are as many retries as delays. */
  readonly retryDelaysMs: readonly number[];
  /** A run that would wait longer is released, because waiting occupies a slot of the worker. */
  readonly maxRetryAfterMs: number;
  /** The limit of the model's text, in UTF-8. */
  readonly maxOutputBytes: number;
}

export const ASK_POLICY: AskPolicy = {
  // guards G25: retries in an attempt
  retryDelaysMs: [500, 2_000],
  maxRetryAfterMs: 30_000,
  maxOutputBytes: 1024 * 1024,
};

export interface AskDeps {
  readonly gateway: Gateway;
  readonly clock: Clock;
  /** In [0, 1): spreads the retries of runs that failed together. */
  readonly random: () => number;
  /** Synchronous; called in the order in which readers see the events. */
  readonly emit: (event: WorkEvent) => void;
  /** The `x-request-id` of the n-th call of this attempt, from 1. */
  readonly requestId: (call: number) => string;
  /** `fail`: the caller is waiting and retries by itself. `wait`: the run waits. */
  readonly onRateLimit: "fail" | "wait";
  readonly policy: AskPolicy;
  /** Marks the instructions: lower-case letters and digits, unguessable. */
  readonly canary: string;
  /** An earlier attempt of the run failed: nothing is left of what a run may try once more. */
  readonly hasFailedBefore: boolean;
  /** Shared by all calls of the attempt: numbers them and records their usage. */
  readonly tally: CallTally;
  /** Shared by all calls of the attempt; absent for a run without a budget. */
  readonly meter?: SpendMeter;
  /** For calls of which the gateway reports no usage; a guess if it is absent. */
  readonly countTokens?: CountTokens;
}

export interface Answer {
  readonly text: TextReceiver;
  readonly end: AnswerEnd;
  /** How the worker may release the run after a failed end; null if it must not. */
  readonly release: "failed" | "rate_limited" | null;
}

type WholeAnswer = Omit<Answer, "release"> & { readonly hasText: boolean };

export interface Question {
  readonly messages: readonly ChatMessage[];
  readonly purpose: AttemptCall["purpose"];
}

export async function askGateway(
  agent: Pick<Agent, "reply" | "sections" | "tag">,
  { messages, purpose }: Question,
  deps: AskDeps,
  signal: AbortSignal,
): Promise<Answer> {
  const { tally, meter = UNMETERED } = deps;
  const marked = placeCanary(messages, deps.canary);
  for (let asked = 1; ; asked += 1) {
    const call = { call: tally.calls.length + 1, purpose, model: null, usage: null };
    // guards G30: before the call
    if (!(await meter.begin([...tally.calls, call], marked))) return unasked(agent, deps, signal);
    const requestId = deps.requestId(tally.begin(purpose, bytesOf(marked)));
    const onAsk = (model: string) => {
      tally.report({ model });
      meter.asked(model);
    };
    const request = { messages: marked, requestId, signal, onAsk };
    const { hasText, ...answer } = await readAnswer(agent, request, deps);
    const { end } = answer;
    if (end.type !== "failed") return { ...answer, release: null };

    const release = releaseOf(end, deps);
    const isReleased = release !== null && isLeftAlone(end) && (hasText || purpose === "answer");
    if (isReleased) emitWaiting(end.code, end.pausedUntil, deps);
    // guards G9: text only once
    if (hasText || release === null || isReleased) return { ...answer, release };
    // guards G25: retry once
    if (end.retryOnce && !takeOnlyRetry(deps))
      return { ...answer, end: givenUp(end), release: null };
    const waitMs = waitBefore(asked, end, deps);
    if (waitMs === null) return { ...answer, release };

    await waitFor(waitMs, end, { deps, signal });
    // guards G10, G11: aborted wait
    if (signal.aborted) return { ...answer, end: { type: "aborted" }, release: null };
  }
}

async function readAnswer(
  agent: Pick<Agent, "reply" | "sections" | "tag">,
  request: ChatRequest,
  deps: AskDeps,
): Promise<WholeAnswer> {
  const { gateway, emit, policy, canary, tally, meter = UNMETERED } = deps;
  const text = newTextReceiver(agent, { maxBytes: policy.maxOutputBytes, canary, emit });
  let hasText = false;
  const push = (piece: string) => text.push(piece) && meter.take(piece);
  const answered = await gateway.ask(request, (piece) => {
    hasText ||= piece !== "";
    tally.receive(piece);
    return piece.length <= PIECE_CHARS ? push(piece) : pushInPieces(push, piece, request.signal);
  });
  const { usage } = answered;
  if (usage) {
    tally.report({ usage });
    emit({ type: "usage", data: tally.usage ?? usage });
  }
  text.end();
  endCall(deps, request, answered, text.raw);
  const end: AnswerEnd = text.isFull
    ? { type: "finished", reason: "length", model: null }
    : answered.end;
  if (end.type === "finished" && end.model !== null) tally.report({ model: end.model });
  if (text.isLeaking) return { text, hasText, end: LEAK };
  // A whole answer that arrived in its last piece has been paid for, and is kept.
  const isStopped = meter.refusal !== null && end.type !== "finished" && !request.signal.aborted;
  return { text, hasText, end: isStopped ? spentEnd(meter) : checkedEnd(end, hasText) };
}

/** The answer to a call that was not made, because nothing may be spent on it. */
function unasked(
  agent: Pick<Agent, "reply" | "sections" | "tag">,
  { policy, canary, emit, meter = UNMETERED }: AskDeps,
  signal: AbortSignal,
): Answer {
  const text = newTextReceiver(agent, { maxBytes: policy.maxOutputBytes, canary, emit });
  return { text, end: signal.aborted ? { type: "aborted" } : spentEnd(meter), release: null };
}

/** Not retryable: another attempt would spend from the same budget. */
function spentEnd({ refusal }: SpendMeter): AnswerEnd {
  return {
    type: "failed",
    code: "budget_exceeded",
    message: "The budget was used up; the call was stopped or not made.",
    ...(refusal !== null && { sentence: refusal }),
    retryable: false,
    retryAfterMs: null,
  };
}

function endCall(
  { tally, countTokens = guessTokens }: AskDeps,
  { messages }: ChatRequest,
  { usage, receipt: { isDue, costMicros, hiddenLength } }: GatewayAnswer,
  text: string,
): void {
  if (costMicros !== null) tally.report({ cost_micros: costMicros });
  // guards G12: reported usage
  const isUnknown = usage === null && isDue;
  tally.end(isUnknown ? estimateUsage(countTokens, messages, { text, hiddenLength }) : null);
}

const guessTokens = (text: string) => Promise.resolve(roughTokens(text));

/** A gateway may send a whole answer at once. A piece of this length takes some milliseconds. */
const PIECE_CHARS = 16 * 1024;

/** Lets other runs work between the pieces of a long text. */
async function pushInPieces(
  push: (piece: string) => boolean | Promise<boolean>,
  text: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (let at = 0; at < text.length; at += PIECE_CHARS) {
    if (signal.aborted || !(await push(text.slice(at, at + PIECE_CHARS)))) return false;
    await nextTurn();
  }
  return true;
}

/** Not retryable: the same prompt would lead to the same leak. */
const LEAK: AnswerEnd = {
  type: "failed",
  code: "unsafe_output",
  message: "The answer repeated its instructions; it was stopped at their canary.",
  retryable: false,
  retryAfterMs: null,
};

/**
 * An end without any text and without a reason for that is an incomplete stream. Filters and length
 * limits are reasons: the same request would end in the same way.
 */
function checkedEnd(end: AnswerEnd, hasText: boolean): AnswerEnd {
  if (end.type !== "finished" || hasText || !isWithoutReason(end.reason)) return end;
  return {
    type: "failed",
    code: "incomplete_stream",
    message: `${end.detail ?? `The gateway finished with ${end.reason}`}, and without any text.`,
    sentence: EMPTY_SENTENCE,
    retryable: true,
    retryOnce: true,
    retryAfterMs: null,
  };
}

function isWithoutReason(reason: FinishReason): boolean {
  return reason === "stop" || reason === "unknown";
}

/** A rate limit is not a failure of the run: it is counted separately, without a limit of its own. */
function releaseOf(failure: GatewayFailure, { onRateLimit }: AskDeps): Answer["release"] {
  if (!failure.retryable) return null;
  if (failure.code !== "rate_limited") return "failed";
  return onRateLimit === "wait" ? "rate_limited" : null;
}

type LeftAlone = GatewayFailure & { readonly pausedUntil: string };

/** Every worker leaves the gateway alone: the ledger decides who is asked first then. */
function isLeftAlone(failure: GatewayFailure): failure is LeftAlone {
  return failure.pausedUntil !== undefined;
}

/** The delay before the next try within the attempt; null if there is none. */
function waitBefore(asked: number, failure: GatewayFailure, deps: AskDeps): number | null {
  const { retryDelaysMs, maxRetryAfterMs } = deps.policy;
  const delayMs = retryDelaysMs[asked - 1];
  if (delayMs === undefined) return null;
  const pausedMs = isLeftAlone(failure) ? Date.parse(failure.pausedUntil) - deps.clock.now() : 0;
  const askedMs = Math.max(failure.retryAfterMs ?? 0, pausedMs);
  if (askedMs > maxRetryAfterMs) return null;
  const spreadMs = Math.round(delayMs * (0.75 + 0.5 * deps.random()));
  return Math.max(spreadMs, askedMs);
}

/** False if the run has had the one retry that a failure with `retryOnce` deserves. */
function takeOnlyRetry({ hasFailedBefore, tally }: AskDeps): boolean {
  return !hasFailedBefore && tally.takeOnlyRetry();
}

function givenUp(failure: GatewayFailure): GatewayFailure {
  return { ...failure, sentence: failure.sentence ?? fruitlessSentence(failure.code) };
}

interface Waiting {
  readonly deps: AskDeps;
  readonly signal: AbortSignal;
}

async function waitFor(waitMs: number, failure: GatewayFailure, waiting: Waiting): Promise<void> {
  const { clock } = waiting.deps;
  emitWaiting(failure.code, new Date(clock.now() + waitMs).toISOString(), waiting.deps);
  await clock.sleep(waitMs, waiting.signal);
}

function emitWaiting(reason: string, until: string, { emit }: AskDeps): void {
  emit({ type: "waiting", data: { reason, until } });
}
