/**
 * The port to the AI gateway. A stream never throws for an upstream failure: the failure is its
 * last event, so no caller can forget to catch it.
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
 * One answer as it arrives: `text` and `usage` events in any number, then exactly one of the
 * others. `aborted` follows the caller's own signal and is not a failure.
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
  /** For the log, never for callers; may quote the provider. */
  readonly message: string;
  /** A retry of the same request may help. */
  readonly retryable: boolean;
  /** The delay that the gateway requested, in milliseconds. */
  readonly retryAfterMs: number | null;
}

export interface Gateway {
  stream(request: ChatRequest): AsyncIterable<GatewayEvent>;
}
