/**
 * Classifies failures of the gateway: the error code, and whether a retry may help.
 *
 * Messages are for the log and may quote the provider. Callers see the sentence of the code, or a
 * sentence of ours that names what an operator has to check.
 */
import { findError, messageOf } from "./find-error.ts";
import type { AnswerEnd, GatewayFailure } from "./gateway.ts";
import { memberOf, parseJson } from "./json-value.ts";
import type { Quote } from "./quote.ts";
import { retryAfterOfError } from "./retry-after.ts";

/** The gateway has been silent for longer than is allowed. */
export class GatewaySilence extends Error {
  override readonly name = "GatewaySilence";
  /** Comments kept arriving: the gateway is alive, and what it waits for is not. */
  readonly sentComments: boolean;

  constructor(message: string, sentComments: boolean) {
    super(message);
    this.sentComments = sentComments;
  }
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

type Kind = Pick<GatewayFailure, "code" | "retryable" | "isFiltered">;

export function failureOfStatus(
  { status, body, retryAfterMs }: HttpFailure,
  quote: Quote,
): GatewayFailure {
  const error = findError(parseJson(body));
  const quoted = quote(messageOf(error) ?? body);
  const message = `The gateway answered ${status}: ${quoted || "(nothing)"}`;
  const askedMs = retryAfterMs ?? retryAfterOfError(error);
  return { type: "failed", ...kindOf(error, status), message, retryAfterMs: askedMs };
}

/** An error that arrives as data, after a successful status line. */
export function failureOfStreamError(error: unknown, quote: Quote): GatewayFailure {
  const quoted = quote(messageOf(error) ?? JSON.stringify(error));
  const message = `The gateway reported an error in its stream: ${quoted}`;
  const retryAfterMs = retryAfterOfError(error);
  return { type: "failed", ...kindOf(error, null), message, retryAfterMs };
}

/** An error that the request or the body threw. */
export function failureOfException(error: unknown, quote: Quote): GatewayFailure {
  const message = quote(describe(error));
  if (error instanceof GatewaySilence) {
    const again = { retryable: !error.sentComments, retryOnce: true };
    return { ...retryable("gateway_timeout", message), ...again };
  }
  if (error instanceof UnreadableStream) return unreadable(message);
  return retryable("gateway_error", `The connection to the gateway failed: ${message}`);
}

export function incompleteStream(message: string): GatewayFailure {
  return retryable("incomplete_stream", message);
}

/** What came is no answer in any form that is known, and the next one will hardly be another. */
export function unreadable(message: string): GatewayFailure {
  return { ...retryable("incomplete_stream", message), retryOnce: true };
}

/** A successful answer of the wrong kind: the address is wrong, so no retry can help. */
export function wrongAnswer(what: string, quoted: string): GatewayFailure {
  const sentence = `The gateway answered ${what}; check AI_GATEWAY_URL.`;
  const message = quoted === "" ? sentence : `${sentence} It began: ${quoted}`;
  const kind = { code: "gateway_refused", retryable: false, retryAfterMs: null } as const;
  return { type: "failed", ...kind, message, sentence };
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

const REFUSALS: readonly GatewayFailure["code"][] = [
  "gateway_refused",
  "payment_required",
  "rate_limited",
];

/** A refusal is not charged. */
export function isRefusal(end: AnswerEnd): boolean {
  return end.type === "failed" && REFUSALS.includes(end.code);
}

/** Of these a request never arrives. */
const UNREACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/;

/** Whether no connection came about. */
export function isUnreached(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return UNREACHED.test(code) || isUnreached(error.cause, depth + 1);
}

const REFUSED: Kind = { code: "gateway_refused", retryable: false };
const PASSING: Kind = { code: "gateway_error", retryable: true };
const UNPAID: Kind = { code: "payment_required", retryable: false };
const LIMITED: Kind = { code: "rate_limited", retryable: true };

/**
 * The classes that a name may state more exactly than a status, in order. A spent quota is reported
 * as 429 too, and waiting does not refill it.
 */
const SPECIFIC: readonly (readonly [RegExp, Kind])[] = [
  [
    /insufficient_?(quota|credit|balance|funds)|payment_?required|billing|budget_?exceeded|exceeded_current_quota|^402$/,
    UNPAID,
  ],
  [
    /content_?filter|content_?policy|responsibleai|moderation|prohibited_?content|safety|blocklist|recitation|data_inspection_failed/,
    { ...REFUSED, isFiltered: true },
  ],
  [/rate_?limit|resource_?exhausted|too_?many_?requests|throttl|^(429|requests|tokens)$/, LIMITED],
];

const TOO_LARGE = /^request too large\b|tokens must be reduced/i;

/** The classes that a name states where no number does. */
const GENERAL: readonly (readonly [RegExp, Kind])[] = [
  [
    /invalid|bad_?request|auth|permission|forbidden|not_?found|unsupported|context_length|unprocessable|validation|precondition/,
    REFUSED,
  ],
];

/** `status` is that of the response; null within a stream. */
function kindOf(error: unknown, status: number | null): Kind {
  const names = ["code", "status", "type"].map((key) => nameIn(memberOf(error, key)));
  // A limit that this request exceeds by itself: to wait would pause everybody, again and again.
  if (TOO_LARGE.test(messageOf(error) ?? "")) return REFUSED;
  const specific = firstOf(SPECIFIC, names);
  if (specific) return specific;
  const stated = status ?? names.map(Number).find((number) => number >= 400 && number <= 599);
  return stated === undefined ? (firstOf(GENERAL, names) ?? PASSING) : kindOfStatus(stated);
}

function nameIn(value: unknown): string {
  return typeof value === "string" || typeof value === "number"
    ? String(value).slice(0, 100).toLowerCase()
    : "";
}

function firstOf(
  classes: readonly (readonly [RegExp, Kind])[],
  names: readonly string[],
): Kind | undefined {
  return classes.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}

function kindOfStatus(status: number): Kind {
  if (status === 429) return LIMITED;
  if (status === 402) return UNPAID;
  return status === 408 || status === 409 || status >= 500 ? PASSING : REFUSED;
}

function retryable(code: GatewayFailure["code"], message: string): GatewayFailure {
  return { type: "failed", code, message, retryable: true, retryAfterMs: null };
}

/** The reason is often only in the cause. */
function describe(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : "(not an error)";
  const code = "code" in error ? error.code : undefined;
  const own = typeof code === "string" ? `${error.message} (${code})` : error.message;
  const isLast = error.cause === undefined || depth === 4;
  return isLast ? own : `${own}: ${describe(error.cause, depth + 1)}`;
}
