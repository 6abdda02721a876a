/**
 * Keeps one process alive.
 *
 * Four promises:
 * 1. A process that ends unasked is started again, after a pause that grows while it keeps ending.
 * 2. A first start that fails rejects; a later one is told and tried again.
 * 3. Once the signal aborts nothing starts any more, and what was starting is killed.
 * 4. `end` returns when the process is gone, also one that was still starting.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "@cmo/shared/runtime";
import type { Child } from "./child.ts";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** A process that lived this long is healthy: after its next end the pauses are short again. */
const HEALTHY_AFTER_MS = 10_000;

export interface KeptProcess {
  readonly name: string;
  readonly stopWithinMs: number;
  /** Resolves when the process is ready for work. It calls `own` as soon as it has spawned. */
  readonly start: (own: (child: Child) => Child, signal: AbortSignal) => Promise<void>;
}

export interface KeeperEvents {
  readonly signal: AbortSignal;
  /** A sentence for people, such as "redis ended unasked (signal SIGKILL); starting it again." */
  readonly onNote: (line: string) => void;
  readonly onChange: () => void;
  readonly clock: Clock;
}

export interface Keeper {
  readonly name: string;
  /** Null between an end and the next start. */
  pid(): number | null;
  start(): Promise<void>;
  /** Ends the process and leaves it ended, until the next `start`. */
  end(): Promise<void>;
  kill(): void;
}

export function createKeeper(process_: KeptProcess, events: KeeperEvents): Keeper {
  const { name, stopWithinMs } = process_;
  const pauses = newPauses();
  let child: Child | null = null;
  let starting: Promise<void> = Promise.resolve();
  /** The wish that the process lives; another one replaces it, and ends what it set going. */
  let wish: object | null = null;
  const isOver = (mine: object): boolean => mine !== wish || events.signal.aborted;

  async function launch(mine: object): Promise<void> {
    const own = (spawned: Child): Child => {
      child = spawned;
      events.onChange();
      if (isOver(mine)) spawned.kill("SIGKILL");
      return spawned;
    };
    try {
      await process_.start(own, events.signal);
    } catch (error) {
      await endChild(child, stopWithinMs);
      throw error;
    }
    if (child) void watch(child, mine);
  }

  async function watch(running: Child, mine: object): Promise<void> {
    const sinceMs = events.clock.now();
    const end = await running.exited;
    if (child === running) child = null;
    events.onChange();
    if (isOver(mine)) return;
    events.onNote(`${name} ended unasked (${end}); starting it again.`);
    if (events.clock.now() - sinceMs > HEALTHY_AFTER_MS) pauses.reset();
    await launchAgain(mine);
  }

  async function launchAgain(mine: object): Promise<void> {
    await events.clock.sleep(pauses.next(), events.signal);
    if (isOver(mine)) return;
    try {
      starting = launch(mine);
      await starting;
      events.onNote(`${name} is back.`);
    } catch (error) {
      if (isOver(mine)) return;
      events.onNote(`${name} did not come back, trying again: ${String(error)}`);
      await launchAgain(mine);
    }
  }

  return {
    name,
    pid: () => child?.pid ?? null,
    start: async () => {
      events.signal.throwIfAborted();
      if (wish) return;
      wish = {};
      starting = launch(wish);
      await starting;
    },
    end: async () => {
      wish = null;
      await endChild(child, stopWithinMs);
      // A start that has not come to its process yet sees that it is over when it does.
      await settle(starting, stopWithinMs);
    },
    kill: () => child?.kill("SIGKILL"),
  };
}

function newPauses(): { next(): number; reset(): void } {
  let ms = FIRST_PAUSE_MS;
  return {
    next: () => {
      const now = ms;
      ms = Math.min(ms * 2, LONGEST_PAUSE_MS);
      return now;
    },
    reset: () => {
      ms = FIRST_PAUSE_MS;
    },
  };
}

async function endChild(child: Child | null, withinMs: number): Promise<void> {
  if (child && !child.hasExited()) await child.stop(withinMs);
}

async function settle(work: Promise<void>, withinMs: number): Promise<void> {
  const late = delay(withinMs, undefined, { ref: false });
  await Promise.race([work.catch(() => {}), late]);
}
