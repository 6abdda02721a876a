/**
 * A signal that aborts when the gateway has been silent for too long.
 *
 * The first data must arrive within one limit, and each later data within another. Comments extend
 * a limit to twice its length at most: a proxy may send them forever for a model that is gone.
 */
import { GatewaySilence } from "./classify-failure.ts";

export interface SilenceTimeouts {
  /** From the call to the first data, including the connection. */
  readonly firstDataMs: number;
  /** Between two pieces of data. */
  readonly idleMs: number;
  /** From the finish reason to the end, when only usage may follow. */
  readonly afterFinishMs: number;
}

export interface SilenceLimit {
  /** Aborts with the caller's signal, after too long a silence, or with `end`. */
  readonly signal: AbortSignal;
  sawBytes(): void;
  sawData(): void;
  sawFinish(): void;
  /** Stops the timer and removes the listeners of the signal. */
  end(): void;
}

export function createSilenceLimit(timeouts: SilenceTimeouts, caller: AbortSignal): SilenceLimit {
  const controller = new AbortController();
  let phase: "waiting" | "reading" | "finishing" = "waiting";
  let lastDataAt = 0;
  let lastBytesAt = Number.NEGATIVE_INFINITY;
  let timer = setTimeout(expire, timeouts.firstDataMs, timeouts.firstDataMs);

  function expire(limitMs: number): void {
    // Still sending: what began and fell silent may be a connection that broke, and is asked again.
    const isSending = performance.now() - lastBytesAt < limitMs / 2;
    const isWaiting = phase === "waiting" && isSending;
    const sent = isWaiting ? "only comments" : "no data";
    const message = `The gateway sent ${sent} for ${limitMs} ms.`;
    controller.abort(new GatewaySilence(message, isWaiting));
  }
  function allow(limitMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(expire, limitMs, limitMs);
  }

  return {
    signal: AbortSignal.any([caller, controller.signal]),
    sawBytes() {
      lastBytesAt = performance.now();
      if (phase !== "reading") return;
      const sinceDataMs = lastBytesAt - lastDataAt;
      allow(Math.min(timeouts.idleMs, Math.max(0, 2 * timeouts.idleMs - sinceDataMs)));
    },
    sawData() {
      if (phase === "finishing") return;
      phase = "reading";
      lastDataAt = performance.now();
      allow(timeouts.idleMs);
    },
    sawFinish() {
      if (phase === "finishing") return;
      phase = "finishing";
      allow(timeouts.afterFinishMs);
    },
    end() {
      clearTimeout(timer);
      controller.abort();
    },
  };
}
