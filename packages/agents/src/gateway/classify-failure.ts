/**
 * What each kind of trouble at the gateway means to a run: which code, and may it be tried again.
 *
 * Messages are for the log and may quote the provider, so they are kept short; callers are told
 * only what the code says.
 */
import type { GatewayFailure } from "./gateway.ts";

const MAX_QUOTE_LENGTH = 300;

/** The gateway has been silent for longer than is allowed. */
export class GatewaySilence extends Error {
  override readonly name = "GatewaySilence";
}

/** The gateway answered with something that is not the stream it promised. */
export class UnreadableStream extends Error {
  override readonly name = "UnreadableStream";
}

/** The gateway goes on and on; what it said so far may still be an answer. */
export class OverlongBody extends UnreadableStream {}

interface HttpFailure {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs: number | null;
}

export function failureOfStatus({ status, body, retryAfterMs }: HttpFailure): GatewayFailure {
  const said = quote(messageIn(body) ?? body);
  const message = `The gateway answered ${status}: ${said || "(nothing)"}`;
  return { type: "failed", ...kindOfStatus(status), message, retryAfterMs };
}

/** An error that arrives as data, after the status line has already promised success. */
export function failureOfStreamError(error: unknown): GatewayFailure {
  const text = typeof error === "string" ? error : JSON.stringify(error);
  const said = quote(messageIn(text) ?? text);
  const message = `The gateway reported an error in its stream: ${said}`;
  return { type: "failed", ...kindOfStatus(statusIn(error)), message, retryAfterMs: null };
}

/** What the request or the reading of the body threw. */
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
 * True when another model may be accepted where this one was not: it is unknown or retired.
 * A 503 must name it, since "the model is overloaded" is said of every model and passes.
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

/** Gateways say `{error: {message}}`, `{error: "…"}` or `{type, message, details}`, or no JSON. */
function messageIn(text: string): string | null {
  const body = parseJson(text);
  const error = memberOf(body, "error") ?? body;
  const message = typeof error === "string" ? error : memberOf(error, "message");
  if (typeof message === "string" && message !== "") return message;
  const type = memberOf(error, "type");
  return typeof type === "string" ? type : null;
}

/** Errors in a stream may bear the status they would have had; those that do not may pass. */
function statusIn(error: unknown): number {
  const inner = memberOf(error, "error") ?? error;
  const status = Number(memberOf(inner, "status") ?? memberOf(inner, "code"));
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : 500;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // HTML from a proxy, or nothing: it is quoted as it stands.
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

/** What happened is often in the cause alone. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return quote(String(error));
  const code = memberOf(error, "code");
  const own = typeof code === "string" ? `${error.message} (${code})` : error.message;
  return error.cause === undefined ? quote(own) : quote(`${own}: ${describe(error.cause)}`);
}
