import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Clock } from "./clock.ts";
import { AppError } from "./errors.ts";
import { retryWhileUnavailable, within } from "./wait.ts";

interface ManualClock extends Clock {
  /** Ends every sleep that is due, after the code under test has begun to sleep. */
  advance(ms: number): Promise<void>;
  /** How long each sleep was asked to take. */
  readonly slept: readonly number[];
  readonly sleeping: number;
}

function createManualClock(): ManualClock {
  let now = 0;
  const slept: number[] = [];
  const sleeps = new Set<{ until: number; end: () => void }>();
  return {
    slept,
    get sleeping() {
      return sleeps.size;
    },
    now: () => now,
    sleep(ms, signal) {
      slept.push(ms);
      if (signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleep = {
          until: now + ms,
          end: () => {
            sleeps.delete(sleep);
            resolve();
          },
        };
        sleeps.add(sleep);
        signal?.addEventListener("abort", sleep.end);
      });
    },
    async advance(ms) {
      await nextTurn();
      now += ms;
      for (const sleep of sleeps) if (sleep.until <= now) sleep.end();
      await nextTurn();
    },
  };
}

describe("within", () => {
  test("resolves with a value that comes in time, and leaves no timer behind", async () => {
    const clock = createManualClock();
    const { promise, resolve } = Promise.withResolvers<string>();
    const waited = within(clock, 100, promise);
    await clock.advance(99);
    resolve("value");
    expect(await waited).toBe("value");
    expect(clock.sleeping).toBe(0);
  });

  test("resolves with null when the time is over, and ignores a later rejection", async () => {
    const clock = createManualClock();
    const { promise, reject } = Promise.withResolvers<string>();
    const waited = within(clock, 100, promise);
    await clock.advance(100);
    reject(new Error("Too late"));
    expect(await waited).toBeNull();
  });

  test("rejects when the promise rejects in time, and leaves no timer behind", async () => {
    const clock = createManualClock();
    await expect(within(clock, 100, Promise.reject(new Error("Failed")))).rejects.toThrow("Failed");
    expect(clock.sleeping).toBe(0);
  });

  test("resolves with null as soon as the signal aborts", async () => {
    const clock = createManualClock();
    const stop = new AbortController();
    const waited = within(clock, 100, new Promise<string>(() => {}), stop.signal);
    stop.abort();
    expect(await waited).toBeNull();
    expect(clock.sleeping).toBe(0);
  });
});

describe("retryWhileUnavailable", () => {
  const outage = new AppError("database_unavailable", "Unavailable.");
  const everyMs = (ms: number) => ({ waitMs: () => ms });

  /** Fails as often as there are failures, then succeeds. */
  function failing(...failures: readonly unknown[]) {
    const calls = { count: 0 };
    const call = async () => {
      calls.count += 1;
      if (calls.count <= failures.length) throw failures[calls.count - 1];
      return "value";
    };
    return { calls, call };
  }

  test("repeats the call after each wait, and reports every retry", async () => {
    const clock = createManualClock();
    const { calls, call } = failing(outage, outage);
    const reported: number[] = [];
    const policy = {
      waitMs: (failures: number) => failures * 10,
      onRetry: (_: unknown, failures: number) => void reported.push(failures),
    };
    const result = retryWhileUnavailable(clock, policy, call);
    await clock.advance(10);
    expect(calls.count).toBe(2);
    await clock.advance(19);
    expect(calls.count).toBe(2);
    await clock.advance(1);
    expect(await result).toBe("value");
    expect({ slept: clock.slept, reported }).toEqual({ slept: [10, 20], reported: [1, 2] });
  });

  test("throws any other failure at once", async () => {
    const clock = createManualClock();
    const refused = new AppError("expired_token", "Sign in again.");
    const { calls, call } = failing(refused);
    await expect(retryWhileUnavailable(clock, everyMs(10), call)).rejects.toBe(refused);
    expect({ calls: calls.count, slept: clock.slept }).toEqual({ calls: 1, slept: [] });
  });

  test("retries what the policy counts as unavailable", async () => {
    const clock = createManualClock();
    const { call } = failing(new AppError("expired_token", "Sign in again."));
    const policy = { ...everyMs(10), isUnavailable: (error: unknown) => error instanceof AppError };
    const result = retryWhileUnavailable(clock, policy, call);
    await clock.advance(10);
    expect(await result).toBe("value");
  });

  test("throws the failure after the last call that is allowed, without another wait", async () => {
    const clock = createManualClock();
    const { calls, call } = failing(outage, outage, outage);
    const result = retryWhileUnavailable(clock, { ...everyMs(10), maxCalls: 2 }, call);
    const thrown = expect(result).rejects.toBe(outage);
    await clock.advance(10);
    await thrown;
    expect({ calls: calls.count, slept: clock.slept }).toEqual({ calls: 2, slept: [10] });
  });

  test("throws the failure when stopWhen is true, and asks only after a failure", async () => {
    const clock = createManualClock();
    const stopWhen = () => true;
    const { calls, call } = failing(outage);
    await expect(retryWhileUnavailable(clock, everyMs(10), call, stopWhen)).rejects.toBe(outage);
    expect(await retryWhileUnavailable(clock, everyMs(10), call, stopWhen)).toBe("value");
    expect({ calls: calls.count, slept: clock.slept }).toEqual({ calls: 2, slept: [] });
  });

  test("an abort ends the wait, and the call is not repeated", async () => {
    const clock = createManualClock();
    const stop = new AbortController();
    const { calls, call } = failing(outage);
    const result = retryWhileUnavailable(clock, { ...everyMs(10), signal: stop.signal }, call);
    const thrown = expect(result).rejects.toBe(outage);
    await clock.advance(5);
    stop.abort();
    await thrown;
    expect(calls.count).toBe(1);
  });
});
