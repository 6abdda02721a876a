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
  let limitMs = timeouts.firstDataMs;
  let deadline = performance.now() + limitMs;
  let timer = setTimeout(look, limitMs);

  /** Chunks only move the deadline: to set a timer for each of them would cost more than reading it. */
  function look(): void {
    const leftMs = deadline - performance.now();
    if (leftMs > 0) timer = setTimeout(look, Math.ceil(leftMs));
    else expire();
  }
  function expire(): void {
    // Still sending: what began and fell silent may be a connection that broke, and is asked again.
    const isSending = performance.now() - lastBytesAt < limitMs / 2;
    const isWaiting = phase === "waiting" && isSending;
    const sent = isWaiting ? "only comments" : "no data";
    const message = `The gateway sent ${sent} for ${limitMs} ms.`;
    controller.abort(new GatewaySilence(message, isWaiting));
  }
  function enter(next: typeof phase, ms: number): void {
    phase = next;
    limitMs = ms;
    deadline = performance.now() + ms;
    // The timer may be set for a later time than the new limit.
    clearTimeout(timer);
    timer = setTimeout(look, ms);
  }

  return {
    signal: AbortSignal.any([caller, controller.signal]),
    sawBytes() {
      lastBytesAt = performance.now();
      if (phase !== "reading") return;
      deadline = Math.min(lastBytesAt, lastDataAt + timeouts.idleMs) + timeouts.idleMs;
    },
    sawData() {
      if (phase === "finishing") return;
      lastDataAt = performance.now();
      if (phase === "waiting") enter("reading", timeouts.idleMs);
      else deadline = lastDataAt + timeouts.idleMs;
    },
    sawFinish() {
      if (phase !== "finishing") enter("finishing", timeouts.afterFinishMs);
    },
    end() {
      clearTimeout(timer);
      controller.abort();
    },
  };
}
