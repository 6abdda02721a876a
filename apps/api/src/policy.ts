/**
 * The limits and durations of the API, each with its reason. Those that operators or tests may
 * change are environment variables. The others are part of the contract with callers.
 */
import { z } from "zod";

/** The maximum of a Node.js timer: a longer one fires immediately. */
const LONGEST_MS = 2 ** 31 - 1;

const milliseconds = (value: number, longest = LONGEST_MS) =>
  z.coerce.number().int().positive().max(longest).default(value);

export const policyEnv = {
  /** A model takes a few seconds to its first text; many proxies time out a silent response at 30 s. */
  DEFER_STATUS_MS: milliseconds(20_000),
  /** Recommended by the SSE standard, and half of the shortest idle timeout of common proxies. */
  SSE_KEEP_ALIVE_MS: milliseconds(15_000),
  /** A reader that accepts no data for this long is gone or broken. It can resume at its cursor. */
  SSE_WRITE_TIMEOUT_MS: milliseconds(30_000),
  /** Streams end regularly, so that deployments and load balancers can move connections. */
  STREAM_MAX_MS: milliseconds(600_000),
  /** The maximum of `wait`, the time that a request waits for a run to end. */
  MAX_WAIT_MS: milliseconds(30_000),
  /** A reader whose session or membership was revoked is disconnected within this time. */
  SSE_REAUTHORIZE_MS: milliseconds(60_000),
  /** A signed-out user's token is accepted for at most this long; a longer time would be a leak. */
  TOKEN_MEMORY_MS: milliseconds(30_000, 30_000),
  /** Open streams of one process: less than half of what one was measured with (5 000 that wait). */
  MAX_STREAMS: z.coerce.number().int().positive().default(2_000),
  /** Headers fit into a packet or two: a slower client holds connections on purpose. */
  HEADERS_TIMEOUT_MS: milliseconds(10_000),
  /** Bodies are small: a slower client is holding a connection, not sending a request. */
  REQUEST_TIMEOUT_MS: milliseconds(30_000),
  /** Most responses end within this time; orchestrators kill a process after 30 s. */
  DRAIN_MS: milliseconds(10_000),
};

const policySchema = z.object(policyEnv);
export type Policy = Readonly<z.infer<typeof policySchema>>;

/** Equal to the limit that the ledger sets for inputs. */
export const BODY_LIMIT_BYTES = 256 * 1024;
/** A table of some thousand lines. */
export const METRICS_BYTES = 1024 * 1024;
/** Deeper than any valid payload, and far below the depth that exhausts the stack. */
export const JSON_DEPTH_LIMIT = 32;
/** Enough to correct a request; all issues could be many times as long as the request. */
export const ISSUES_SHOWN = 50;
/** Characters of a header that names ignored members. Proxies limit all headers to some kilobytes. */
export const IGNORED_HEADER_CHARS = 1000;
/** Maximum number of characters of a path that a response repeats. */
export const PATH_SHOWN = 200;
/** Interval of the timeout checks: the most by which a timeout is exceeded. */
export const TIMEOUT_CHECK_MS = 1000;
/** Cached tokens: about 2 MB when full. */
export const TOKEN_MEMORY_ENTRIES = 10_000;
/** Clients of Supabase, one per token: about 10 MB when full. */
export const USER_CLIENT_ENTRIES = 1000;
/**
 * Requests to Supabase that are under way at a time: several for each connection that its pool has to the
 * database (10 to 40). More would wait there, where nobody sees them, and run into their time limit together.
 */
export const REQUESTS_AT_ONCE = 100;
/** Clocks differ by less than this: a token issued later is invalid. */
export const CLOCK_SKEW_SECONDS = 60;
/** The time that browsers wait before they reconnect. */
export const SSE_RETRY_MS = 2000;
/** The maximum that browsers accept. */
export const PREFLIGHT_MAX_AGE_SECONDS = 7200;
/** A restart of Supabase or Redis takes about this long. */
export const OUTAGE_RETRY_SECONDS = 2;
/** The AI service limits requests per minute and does not send `Retry-After`. */
export const RATE_LIMIT_RETRY_SECONDS = 20;
/** Streams end all the time: a place may be free by then. */
export const STREAMS_RETRY_SECONDS = 5;
/** A change of a tenant's limits of streams takes effect within this time. */
export const STREAM_LIMITS_MEMORY_MS = 5000;
/** Remembered limits: one for each workspace that a token names, about 2 MB when full. */
export const STREAM_LIMITS_ENTRIES = 10_000;
/** A hosted function ends after 400 s at the latest. It may say nothing until then. */
export const FUNCTION_TIMEOUT_MS = 400_000;
/** A run takes seconds: more frequent polling returns nothing new. */
export const POLL_SECONDS = 1;
/** `/readyz` requires no token, so its database queries are limited to one per interval. */
export const READINESS_MEMORY_MS = 1000;
/** A service that does not answer in this time counts as unavailable. */
export const READINESS_TIMEOUT_MS = 2000;
