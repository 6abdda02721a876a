/**
 * The port to the AI gateway. An answer is never rejected for an upstream failure: the failure is
 * its end, so no caller can forget to catch it. Text is pushed and not iterated, because a chain of
 * asynchronous iterators costs more than everything else that is done with a chunk.
 */
import type { ErrorCode, Usage } from "@cmo/shared/contract";
import type { ChatMessage } from "../agent/chat-message.ts";

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  /** Called with the model each time that one is asked. */
  readonly onAsk?: (model: string) => void;
  /** Sent as `x-request-id`: `<run id>-<attempt>-<call>`. */
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** The models to ask, each if the gateway refuses the one before; absent: those of the gateway. */
  readonly models?: readonly string[];
  /** Called once, when the answer of a model begins: then the gateway has accepted the request. */
  readonly onBegin?: (model: string) => void;
}

/** `unknown`: the gateway named a reason that is in no list, so the answer may be cut off. */
export type FinishReason = "stop" | "length" | "content_filter" | "unknown";

/** How an answer ended. `aborted` follows the caller's own signal and is not a failure. */
export type AnswerEnd = FinishedAnswer | GatewayFailure | { readonly type: "aborted" };

interface FinishedAnswer {
  readonly type: "finished";
  readonly reason: FinishReason;
  readonly model: string | null;
  /** For the log: the gateway's own word for the reason, if it is unknown. */
  readonly detail?: string;
}

export interface GatewayFailure {
  readonly type: "failed";
  readonly code: ErrorCode;
  /** For the log, never for callers; may quote the provider. */
  readonly message: string;
  /** For callers, in place of the code's sentence. Never quotes the provider. */
  readonly sentence?: string;
  /** The provider's content rules are the reason. */
  readonly isFiltered?: boolean;
  /** A retry of the same request may help. */
  readonly retryable: boolean;
  /**
   * The reason is probably lasting. A run that received no text is asked once more, and not again.
   */
  readonly retryOnce?: boolean;
  /** The delay that the gateway requested, in milliseconds. */
  readonly retryAfterMs: number | null;
  /** All workers leave the gateway alone until then. A run gives its slot back instead of waiting. */
  readonly pausedUntil?: string;
}

/**
 * Takes the next text of an answer. False ends the answer: no more is wanted. A promise lets the
 * answer wait, and is for text that takes long to handle.
 */
export type TextTaker = (text: string) => boolean | Promise<boolean>;

export interface GatewayAnswer {
  /** The last one that the gateway reported. */
  readonly usage: Usage | null;
  readonly end: AnswerEnd;
  readonly receipt: Receipt;
  /** The model that was asked last, and whether its answer began. */
  readonly asked?: { readonly model: string; readonly hasBegun: boolean };
}

/** What is known of the price of an answer, besides its usage. */
export interface Receipt {
  /** False when the gateway refused the request before the model began, or was not reached. */
  readonly isDue: boolean;
  /** What the gateway says that it has charged, in millionths of a US dollar. */
  readonly costMicros: number | null;
  /** The length of what the model wrote and nobody is shown: its thoughts. In UTF-16 code units. */
  readonly hiddenLength: number;
}

/** Of a request that the gateway was not asked, or refused at once. */
export const NOTHING_DUE: Receipt = { isDue: false, costMicros: null, hiddenLength: 0 };

export interface Gateway {
  /** Resolves when the answer has ended. Throws only what `onText` throws. */
  ask(request: ChatRequest, onText: TextTaker): Promise<GatewayAnswer>;
}
