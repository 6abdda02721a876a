/**
 * Classifies failures of the gateway: the error code, and whether a retry may help.
 *
 * Messages are for the log and may quote the provider, so they are kept short. Callers only see
 * the sentence of the code.
 */
import type { GatewayFailure } from "./gateway.ts";

/** Enough of an error to recognize it in a log line. */
const MAX_QUOTE_LENGTH = 300;

/** The gateway has been silent for longer than is allowed. */
export class GatewaySilence extends Error {
  override readonly name = "GatewaySilence";
}

/** The gateway answered with something other than the announced stream. */
export class UnreadableStream extends Error {
  override readonly name = "UnreadableStream";
}

/** The body exceeds its limit. The text so far may still be an answer. */
export class OverlongBody extends UnreadableStream {}

interface HttpFailure {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs: number | null;
}

export function failureOfStatus({ status, body, retryAfterMs }: HttpFailure): GatewayFailure {
  const quoted = quote(messageIn(body) ?? body);
  const message = `The gateway answered ${status}: ${quoted || "(nothing)"}`;
  return { type: "failed", ...kindOfStatus(status), message, retryAfterMs };
}

/** An error that arrives as data, after a successful status line. */
export function failureOfStreamError(error: unknown): GatewayFailure {
  const text = typeof error === "string" ? error : JSON.stringify(error);
  const quoted = quote(messageIn(text) ?? text);
  const message = `The gateway reported an error in its stream: ${quoted}`;
  return { type: "failed", ...kindOfStatus(statusIn(error)), message, retryAfterMs: null };
}

/** An error that the request or the body threw. */
export function failureOfException(error: unknown): GatewayFailure {
  const message = describe(error);
  if (error instanceof GatewaySilence) return retryable("gateway_timeout", message);
  if (error instanceof UnreadableStream) return retryable("incomplete_stream", message);
  return retryable("gateway_error", `The connection to the gateway failed: ${message}`);
}

export function incompleteStream(message: string): GatewayFailure {
  return retryable("incomplete_stream", message);
}

const UNKNOWN_MODEL =
  /model_not_found|(unknown|invalid|unsupported) model|model\b.{0,80}(not exist|not found|not supported|no longer|retired)/i;

/**
 * True if the model is unknown or retired, so that a fallback may be accepted. A 503 must name the
 * model, because "the model is overloaded" is a temporary failure of any model.
 */
export function isModelRefusal(status: number, body: string, model: string): boolean {
  if (status === 410) return true;
  if (status !== 400 && status !== 404 && status !== 503) return false;
  const shortName = model.slice(model.lastIndexOf("/") + 1);
  return body.includes(shortName) || (status !== 503 && UNKNOWN_MODEL.test(body));
}

function kindOfStatus(status: number): Pick<GatewayFailure, "code" | "retryable"> {
  if (status === 429) return { code: "rate_limited", retryable: true };
  if (status === 402) return { code: "payment_required", retryable: false };
  const isPassing = status === 408 || status === 409 || status >= 500;
  if (isPassing) return { code: "gateway_error", retryable: true };
  return { code: "gateway_refused", retryable: false };
}

function retryable(code: GatewayFailure["code"], message: string): GatewayFailure {
  return { type: "failed", code, message, retryable: true, retryAfterMs: null };
}

/** Error bodies are `{error: {message}}`, `{error: "…"}`, `{type, message, details}` or no JSON. */
function messageIn(text: string): string | null {
  const body = parseJson(text);
  const error = memberOf(body, "error") ?? body;
  const message = typeof error === "string" ? error : memberOf(error, "message");
  if (typeof message === "string" && message !== "") return message;
  const type = memberOf(error, "type");
  return typeof type === "string" ? type : null;
}

/** An error in a stream may contain its status. Without a status it is retryable. */
function statusIn(error: unknown): number {
  const inner = memberOf(error, "error") ?? error;
  const status = Number(memberOf(inner, "status") ?? memberOf(inner, "code"));
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : 500;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // HTML from a proxy, or nothing: quoted as it is.
    return null;
  }
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function quote(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_QUOTE_LENGTH ? `${line.slice(0, MAX_QUOTE_LENGTH)}…` : line;
}

/** The reason is often only in the cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return quote(String(error));
  const code = memberOf(error, "code");
  const own = typeof code === "string" ? `${error.message} (${code})` : error.message;
  return error.cause === undefined ? quote(own) : quote(`${own}: ${describe(error.cause)}`);
}
