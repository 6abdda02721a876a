/**
 * What this process knows of the gateways that workers use, at most a second old. It asks while
 * somebody wants to know, and tells readers of runs when the whole pool begins to wait, and until when.
 */
import type { GatewayState } from "@cmo/shared/db";
import type { Clock } from "@cmo/shared/runtime";
import { READINESS_MEMORY_MS, READINESS_TIMEOUT_MS } from "./policy.ts";

export type GatewayPause = NonNullable<GatewayState["pause"]>;
type Listener = (pause: GatewayPause | null) => void;

export interface GatewayWatch {
  /** Null when the database does not answer. */
  state(): Promise<GatewayState | null>;
  /** Calls the listener when the pause of the pool changes. Returns what stops that. */
  onPause(listener: Listener): () => void;
  close(): void;
}

export function createGatewayWatch(
  clock: Clock,
  read: (signal: AbortSignal) => Promise<GatewayState | null>,
): GatewayWatch {
  const listeners = new Set<Listener>();
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer: Promise<GatewayState | null> = Promise.resolve(null);
  let pause: GatewayPause | null = null;
  let timer: NodeJS.Timeout | null = null;

  function state(): Promise<GatewayState | null> {
    if (clock.now() - askedAt >= READINESS_MEMORY_MS) {
      askedAt = clock.now();
      answer = read(AbortSignal.timeout(READINESS_TIMEOUT_MS));
    }
    return answer;
  }

  async function look(): Promise<void> {
    const now = await state();
    // Without an answer nothing is known to have changed.
    if (now === null || isSame(now.pause, pause)) return;
    pause = now.pause;
    for (const listener of listeners) listener(pause);
  }

  function rest(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
  }

  return {
    state,
    onPause(listener) {
      listeners.add(listener);
      if (pause !== null) listener(pause);
      if (timer === null) {
        void look();
        timer = setInterval(() => void look(), READINESS_MEMORY_MS);
        timer.unref();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        rest();
        pause = null;
      };
    },
    close: rest,
  };
}

function isSame(one: GatewayPause | null, other: GatewayPause | null): boolean {
  return one?.reason === other?.reason && one?.until === other?.until;
}
