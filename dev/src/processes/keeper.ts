/**
 * Keeps one process alive.
 *
 * Guarantees:
 * 1. A process that exits unexpectedly is restarted, after a delay that grows while it keeps exiting.
 * 2. A failure of the first start rejects. A later failure is reported, and the start is repeated.
 * 3. After the signal aborts, nothing starts, and a process that is starting is killed.
 * 4. `end` returns when the process is gone, even if it was still starting.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "@cmo/shared/runtime";
import type { Child } from "./child.ts";

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;
/** After a process has lived this long, the delays start short again. */
const HEALTHY_AFTER_MS = 10_000;

export interface KeptProcess {
  readonly name: string;
  readonly stopWithinMs: number;
  /** Resolves when the process is ready. Calls `own` as soon as the process has spawned. */
  readonly start: (own: (child: Child) => Child, signal: AbortSignal) => Promise<void>;
}

export interface KeeperEvents {
  readonly signal: AbortSignal;
  /** A message for people, such as "redis exited unexpectedly (signal SIGKILL); restarting it." */
  readonly onNote: (line: string) => void;
  readonly onChange: () => void;
  readonly clock: Clock;
}

export interface Keeper {
  readonly name: string;
  /** Null between an end and the next start. */
  pid(): number | null;
  start(): Promise<void>;
  /** Stops the process until the next `start`. */
  end(): Promise<void>;
  kill(): void;
}

export function createKeeper(process_: KeptProcess, events: KeeperEvents): Keeper {
  const { name, stopWithinMs } = process_;
  const delays = newDelays();
  let child: Child | null = null;
  let starting: Promise<void> = Promise.resolve();
  /** Identifies the current `start`. A later one replaces it, and its processes are killed. */
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
    events.onNote(`${name} exited unexpectedly (${end}); restarting it.`);
    if (events.clock.now() - sinceMs > HEALTHY_AFTER_MS) delays.reset();
    await launchAgain(mine);
  }

  async function launchAgain(mine: object): Promise<void> {
    await events.clock.sleep(delays.next(), events.signal);
    if (isOver(mine)) return;
    try {
      starting = launch(mine);
      await starting;
      events.onNote(`${name} is running again.`);
    } catch (error) {
      if (isOver(mine)) return;
      events.onNote(`${name} did not restart, trying again: ${String(error)}`);
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
      // A start without a process yet notices this when it spawns one.
      await waitFor(starting, stopWithinMs);
    },
    kill: () => child?.kill("SIGKILL"),
  };
}

function newDelays(): { next(): number; reset(): void } {
  let ms = FIRST_DELAY_MS;
  return {
    next: () => {
      const now = ms;
      ms = Math.min(ms * 2, LONGEST_DELAY_MS);
      return now;
    },
    reset: () => {
      ms = FIRST_DELAY_MS;
    },
  };
}

async function endChild(child: Child | null, withinMs: number): Promise<void> {
  if (child && !child.hasExited()) await child.stop(withinMs);
}

async function waitFor(work: Promise<void>, withinMs: number): Promise<void> {
  const late = delay(withinMs, undefined, { ref: false });
  await Promise.race([work.catch(() => {}), late]);
}
