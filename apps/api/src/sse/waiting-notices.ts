/**
 * Tells the reader of a run that has not been started, or that was released, why it waits and until
 * when. The log has no such event: no worker holds the run.
 */
import type { ReaderEvent, Run } from "@cmo/shared/contract";
import type { GatewayPause } from "../gateway-watch.ts";

export interface WaitingNotices {
  learn(pause: GatewayPause | null): void;
  /** Null when there is nothing new, or when the run is not waiting. `lastType`: of the last event. */
  next(lastType: string | null): ReaderEvent | null;
}

export function newWaitingNotices({ phase }: Pick<Run, "phase">): WaitingNotices {
  let pause: GatewayPause | null = null;
  let toldUntil: string | null = null;
  return {
    learn(next) {
      pause = next;
    },
    next(lastType) {
      const isWaiting = lastType === null ? phase === "queued" : lastType === "waiting";
      if (!isWaiting || pause === null || pause.until === toldUntil) return null;
      toldUntil = pause.until;
      return { type: "waiting", data: pause };
    },
  };
}
