/** Time as an argument, so that tests of waits take milliseconds. */
import { setTimeout as delay } from "node:timers/promises";

export interface Clock {
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      // An aborted sleep ends early. Callers see the abort on the signal that they passed.
      if (!signal?.aborted) throw error;
    }
  },
};
