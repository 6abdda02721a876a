/**
 * The API's numbers, each with its reason. Those that an operator or a test may want to change are
 * environment variables; the others are promises to callers.
 */
import { z } from "zod";

/** A timer of Node takes no more: beyond it, it would go off at once. */
const LONGEST_MS = 2 ** 31 - 1;

const milliseconds = (value: number, longest = LONGEST_MS) =>
  z.coerce.number().int().positive().max(longest).default(value);

export const policyEnv = {
  /** A first word takes a model a few seconds; proxies lose patience with a silent answer at 30. */
  DEFER_STATUS_MS: milliseconds(20_000),
  /** What the SSE standard advises, and half of the shortest idle timeout of common proxies. */
  SSE_KEEP_ALIVE_MS: milliseconds(15_000),
  /** A reader that takes nothing for this long is gone or broken; it can come back at its cursor. */
  SSE_WRITE_TIMEOUT_MS: milliseconds(30_000),
  /** Connections end while it is harmless, so that deploys and load balancers stay in control. */
  STREAM_MAX_MS: milliseconds(600_000),
  /** The longest that a caller may ask to wait for a run's end. */
  MAX_WAIT_MS: milliseconds(30_000),
  /** A reader whose session or membership was taken away reads on for at most this long. */
  SSE_REAUTHORIZE_MS: milliseconds(60_000),
  /** How long a signed-out user's token may still be taken; more is no setting, but a leak. */
  TOKEN_MEMORY_MS: milliseconds(30_000, 30_000),
  /** A request's head is a packet or two: who needs longer holds connections on purpose. */
  HEADERS_TIMEOUT_MS: milliseconds(10_000),
  /** Bodies are small: who needs longer is holding a connection, not sending a request. */
  REQUEST_TIMEOUT_MS: milliseconds(30_000),
  /** Most answers end by themselves in this time; orchestrators kill at 30 s. */
  DRAIN_MS: milliseconds(10_000),
};

const policySchema = z.object(policyEnv);
export type Policy = Readonly<z.infer<typeof policySchema>>;

/** The same bound as the ledger's for inputs. */
export const BODY_LIMIT_BYTES = 256 * 1024;
/** Deeper than any payload of ours; far less than what exhausts a stack. */
export const JSON_DEPTH_LIMIT = 32;
/** Enough to mend a request by; all of them could be many times as long as the request. */
export const ISSUES_SHOWN = 50;
/** Characters of a place in a request, or of an address, that an answer repeats. */
export const PATH_SHOWN = 200;
/** How late a connection that has had its time is noticed. */
export const TIMEOUT_CHECK_MS = 1000;
/** Remembered tokens: about 2 MB when full. */
export const TOKEN_MEMORY_ENTRIES = 10_000;
/** Clocks differ; a token issued further in the future is not one of ours. */
export const CLOCK_SKEW_SECONDS = 60;
/** What browsers wait before they connect again. */
export const SSE_RETRY_MS = 2000;
/** The longest that browsers honour. */
export const PREFLIGHT_MAX_AGE_SECONDS = 7200;
/** Supabase or Redis restart in about this time. */
export const OUTAGE_RETRY_SECONDS = 2;
/** The AI service limits requests per minute and names no time of its own. */
export const RATE_LIMIT_RETRY_SECONDS = 20;
/** A run takes seconds: asking for it more often than this shows nothing new. */
export const POLL_SECONDS = 1;
/** Readiness is asked without a token, so what it costs the database is bounded. */
export const READINESS_MEMORY_MS = 1000;
export const READINESS_TIMEOUT_MS = 2000;
