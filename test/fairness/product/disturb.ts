/** What goes wrong meanwhile: a worker is killed every ten seconds, and Redis is emptied once. */
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import type { Random } from "../../faults/random.ts";
import type { Product } from "./open-product.ts";
import type { Disturbance } from "./quiet-tenants.ts";

const KILL_EVERY_MS = 10_000;
const FLUSH_AFTER_MS = 15_000;

export interface Disturbed extends Disturbance {
  readonly kills: () => number;
  readonly flushes: () => number;
}

export function killWorkersAndFlush(product: Product, random: Random): Disturbed {
  let kills = 0;
  let flushes = 0;
  const kill = (): void => {
    const { pid } = random.pick(
      product.stack.processes().filter(({ name }) => name.startsWith("worker")),
    );
    // Null while the supervisor starts it again.
    if (pid === null) return;
    process.kill(pid, "SIGKILL");
    kills += 1;
  };
  const flush = async (): Promise<void> => {
    const redis = new Redis(product.stack.redisUrl);
    try {
      await redis.flushall();
      flushes += 1;
    } finally {
      redis.disconnect();
    }
  };
  return {
    kills: () => kills,
    flushes: () => flushes,
    start: () => {
      const stopping = new AbortController();
      const { signal } = stopping;
      const killing = repeatUntil(signal, KILL_EVERY_MS, kill);
      const flushing = onceUnless(signal, FLUSH_AFTER_MS, flush);
      return {
        stop: async () => {
          stopping.abort();
          await Promise.all([killing, flushing]);
        },
      };
    },
  };
}

/** False when it was aborted before. */
async function passes(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

async function repeatUntil(signal: AbortSignal, everyMs: number, act: () => void): Promise<void> {
  while (await passes(everyMs, signal)) act();
}

async function onceUnless(
  signal: AbortSignal,
  afterMs: number,
  act: () => Promise<void>,
): Promise<void> {
  if (await passes(afterMs, signal)) await act();
}
