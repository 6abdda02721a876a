/**
 * Schedules each piece by its stream's timetable, not by the previous piece.
 *
 * A timer for every piece would fire late each time, and the delays would add up. Instead, one clock
 * serves all streams and sends at each tick what is due. A late tick is made up for by the next one,
 * so any speed holds on average.
 */
const TICK_MS = 10;

/** The clock of all streams. It runs only while a stream waits. */
export interface Ticker {
  /** Resolves at the first tick at or after `dueAt`, or when `signal` aborts; never rejects. */
  until(dueAt: number, signal: AbortSignal): Promise<void>;
}

/** The timetable of one stream. */
export interface Pace {
  /** Resolves when the next piece is due. */
  next(signal: AbortSignal): Promise<void>;
}

interface Waiting {
  readonly dueAt: number;
  readonly wake: () => void;
}

export function newTicker(): Ticker {
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | null = null;

  const tick = () => {
    const now = performance.now();
    for (const one of waiting) if (one.dueAt <= now) one.wake();
  };
  const leave = (one: Waiting) => {
    waiting.delete(one);
    if (waiting.size > 0 || !timer) return;
    clearInterval(timer);
    timer = null;
  };

  return {
    until(dueAt, signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const one: Waiting = {
          dueAt,
          wake() {
            leave(one);
            signal.removeEventListener("abort", one.wake);
            resolve();
          },
        };
        waiting.add(one);
        signal.addEventListener("abort", one.wake);
        timer ??= setInterval(tick, TICK_MS);
      });
    },
  };
}

/** At 0 pieces a second everything is due at once. */
export function newPace(ticker: Ticker, piecesPerSecond: number): Pace {
  const startedAt = performance.now();
  let count = 0;
  return {
    async next(signal) {
      if (piecesPerSecond === 0) return;
      count += 1;
      const dueAt = startedAt + (count * 1_000) / piecesPerSecond;
      if (dueAt > performance.now()) await ticker.until(dueAt, signal);
    },
  };
}
