/**
 * Tells the writers of all runs of this process when to append their text.
 *
 * Redis and the readers pay for each write more than for each append in it. So text that arrives
 * within an interval leaves in one write, for all runs together. A process that appended nothing
 * for an interval appends at once.
 */
import type { Clock } from "@cmo/shared/runtime";

export interface FlushClock {
  /** Null when text may be appended at once, else the end of the current interval. */
  next(): Promise<void> | null;
}

/** Shorter than a frame of a screen, so that readers do not notice it. */
const FLUSH_INTERVAL_MS = 8;

export function createFlushClock(clock: Clock, intervalMs = FLUSH_INTERVAL_MS): FlushClock {
  let interval: Promise<void> | null = null;
  let isAwaited = false;

  function begin(): Promise<void> {
    isAwaited = false;
    return clock.sleep(intervalMs).then(() => {
      // Text that arrives right after a flush waits for the next one.
      interval = isAwaited ? begin() : null;
    });
  }

  return {
    next() {
      const current = interval;
      interval ??= begin();
      isAwaited = current !== null;
      return current;
    },
  };
}
