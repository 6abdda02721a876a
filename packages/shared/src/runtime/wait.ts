/** Bounded waits and retries during an outage of the database, on a clock that is an argument. */
import type { Clock } from "./clock.ts";
import { isAppError } from "./errors.ts";

/**
 * Resolves with the promise's value, or with null when it has not settled after `ms` or when
 * `signal` aborts. A promise that is late keeps running; its rejection is then ignored.
 */
export async function within<Value>(
  clock: Clock,
  ms: number,
  promise: Promise<Value>,
  signal?: AbortSignal,
): Promise<Value | null> {
  const settled = new AbortController();
  const stop = signal ? AbortSignal.any([signal, settled.signal]) : settled.signal;
  try {
    return await Promise.race([promise, clock.sleep(ms, stop).then(() => null)]);
  } finally {
    settled.abort();
  }
}

export interface RetryPolicy {
  /** How long to wait after the nth failure, counted from 1. */
  readonly waitMs: (failures: number) => number;
  /** The number of calls after which the failure is thrown. Unlimited by default. */
  readonly maxCalls?: number;
  /** Which failures are retried: by default those whose code is `database_unavailable`. */
  readonly isUnavailable?: (error: unknown) => boolean;
  readonly onRetry?: (error: unknown, failures: number) => void;
  /** Ends a wait early. The last failure is thrown then. */
  readonly signal?: AbortSignal;
}

/**
 * Repeats a call until it succeeds. Throws the failure when it is no outage, when `stopWhen` is
 * true after it, or when the policy allows no further call.
 */
export async function retryWhileUnavailable<Value>(
  clock: Clock,
  policy: RetryPolicy,
  call: () => Promise<Value>,
  stopWhen: () => boolean = () => false,
): Promise<Value> {
  const { isUnavailable = isDatabaseUnavailable } = policy;
  for (let failures = 1; ; failures += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isUnavailable(error) || failures === policy.maxCalls || stopWhen()) throw error;
      policy.onRetry?.(error, failures);
      await clock.sleep(policy.waitMs(failures), policy.signal);
      if (policy.signal?.aborted) throw error;
    }
  }
}

function isDatabaseUnavailable(error: unknown): boolean {
  return isAppError(error) && error.code === "database_unavailable";
}
