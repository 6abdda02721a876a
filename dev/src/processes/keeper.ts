/**
 * Keeps one process alive.
 *
 * Four promises:
 * 1. A process that ends unasked is started again, after a pause that grows while it keeps ending.
 * 2. A first start that fails rejects; a later one is told and tried again.
 * 3. Once the signal aborts nothing starts any more, and what was starting is killed.
 * 4. `end` returns when the process is gone, also one that was still starting.
 */
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
  let child: Child | null = null;
  let wanted = false;
  let pauseMs = FIRST_PAUSE_MS;

  async function start(): Promise<void> {
    events.signal.throwIfAborted();
    let mine: Child | null = null;
    const own = (spawned: Child): Child => {
      mine = child = spawned;
      events.onChange();
      if (events.signal.aborted || !wanted) spawned.kill("SIGKILL");
      return spawned;
    };
    try {
      await process_.start(own, events.signal);
    } catch (error) {
      await endChild(mine, stopWithinMs);
      throw error;
    }
    if (mine) void watch(mine, performance.now());
  }

  async function watch(running: Child, sinceMs: number): Promise<void> {
    const end = await running.exited;
    if (child === running) child = null;
    events.onChange();
    if (!wanted || events.signal.aborted) return;
    events.onNote(`${name} ended unasked (${end}); starting it again.`);
    if (performance.now() - sinceMs > HEALTHY_AFTER_MS) pauseMs = FIRST_PAUSE_MS;
    await startAgain();
  }

  async function startAgain(): Promise<void> {
    await pause(pauseMs, events.signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    if (!wanted || events.signal.aborted) return;
    try {
      await start();
      events.onNote(`${name} is back.`);
    } catch (error) {
      if (events.signal.aborted) return;
      events.onNote(`${name} did not come back, trying again: ${String(error)}`);
      await startAgain();
    }
  }

  return {
    name,
    pid: () => child?.pid ?? null,
    start: async () => {
      if (wanted) return;
      wanted = true;
      await start();
    },
    end: async () => {
      wanted = false;
      await endChild(child, stopWithinMs);
    },
    kill: () => child?.kill("SIGKILL"),
  };
}

async function endChild(child: Child | null, withinMs: number): Promise<void> {
  if (child && !child.hasExited()) await child.stop(withinMs);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish);
  });
}
