/**
 * Repairs malformed JSON without blocking the event loop.
 *
 * `jsonrepair` needs quadratic time for some texts: 15 s for 128 KiB of quotes. Short texts are
 * repaired at once. Longer ones are repaired in a thread of their own, which has the lowest priority,
 * a limited time and a limited memory. A process has few such threads; further repairs wait.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { newSlots } from "@cmo/shared/runtime";
import { z } from "zod";
import { repairText } from "./repair-text.ts";

export interface JsonRepairer {
  /** The repaired texts, in order; null for each that is beyond repair, and for all after an abort. */
  repair(texts: readonly string[], signal: AbortSignal): Promise<readonly (string | null)[]>;
  /** Ends the threads. Later repairs of long texts fail. */
  close(): Promise<void>;
}

export interface RepairLimits {
  readonly threads: number;
  readonly threadMs: number;
}

/** The worst text of this length takes 25 ms. */
const INLINE_CHARS = 8 * 1024;
/**
 * threads: Malformed answers of this length are rare, and each thread may use 64 MiB.
 * threadMs: A hundred times what the longest answer needs: the thread has the lowest priority.
 */
const LIMITS: RepairLimits = { threads: 2, threadMs: 5_000 };
/** A hundred times the longest text that is repaired. */
const THREAD_MEMORY_MIB = 64;

const repairedSchema = z.tuple([z.array(z.string().nullable())]);

export function createJsonRepairer(limits: Partial<RepairLimits> = {}): JsonRepairer {
  const { threads, threadMs } = { ...LIMITS, ...limits };
  const slots = newSlots(threads);
  const closing = new AbortController();
  const repairing = new Set<Promise<unknown>>();
  return {
    async repair(texts, signal) {
      const characters = texts.reduce((total, text) => total + text.length, 0);
      // guards G1: repair in a thread
      if (characters <= INLINE_CHARS) return texts.map(repairText);
      const ends = AbortSignal.any([signal, closing.signal]);
      // guards G24: few threads
      if (!(await slots.take(ends))) return texts.map(() => null);
      // guards G1: time of a repair
      const inTime = AbortSignal.any([ends, AbortSignal.timeout(threadMs)]);
      const repaired = repairInThread(texts, inTime);
      repairing.add(repaired);
      try {
        return await repaired;
      } finally {
        repairing.delete(repaired);
        slots.free();
      }
    },
    async close() {
      closing.abort();
      await Promise.all(repairing);
    },
  };
}

/** Resolves after the thread has ended. */
async function repairInThread(
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly (string | null)[]> {
  const thread = new Worker(new URL("./repair-thread.ts", import.meta.url), {
    workerData: texts,
    resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MIB },
  });
  try {
    return repairedSchema.parse(await once(thread, "message", { signal }))[0];
  } catch {
    // The time or the memory was not enough, or nobody waits any more: beyond repair.
    return texts.map(() => null);
  } finally {
    await thread.terminate();
  }
}
