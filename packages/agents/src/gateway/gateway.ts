/**
 * The port to the AI gateway. A stream never throws for trouble upstream: failure travels inside
 * it, as its last event, so that no caller can forget to catch it.
 */
import type { ErrorCode, Usage } from "@cmo/shared/contract";
import type { ChatMessage } from "../agent/chat-message.ts";

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  /** Sent as `x-request-id`: `<run id>-<attempt>-<call>`. */
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export type FinishReason = "stop" | "length" | "content_filter";

/**
 * One answer as it arrives: `text` and `usage`, however many, then exactly one of the others.
 * `aborted` follows the caller's own signal and is nobody's failure.
 */
export type GatewayEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "finished"; readonly reason: FinishReason; readonly model: string | null }
  | GatewayFailure
  | { readonly type: "aborted" };

export interface GatewayFailure {
  readonly type: "failed";
  readonly code: ErrorCode;
  /** For the log, never for callers: it may quote the provider. */
  readonly message: string;
  /** Trying the same request again may help. */
  readonly retryable: boolean;
  /** What the gateway asked for, in milliseconds. */
  readonly retryAfterMs: number | null;
}

export interface Gateway {
  stream(request: ChatRequest): AsyncIterable<GatewayEvent>;
}
