/**
 * Repairs malformed JSON without blocking the event loop.
 *
 * `jsonrepair` needs quadratic time for some texts: 15 s for 128 KiB of quotes. Short texts are
 * repaired at once. Longer ones are repaired in a thread of their own, which has the lowest priority,
 * a limited time and a limited memory.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { repairText } from "./repair-text.ts";

/** The worst text of this length takes 25 ms. */
const INLINE_CHARS = 8 * 1024;
/** A hundred times what the longest answer needs: the thread has the lowest priority. */
const THREAD_MS = 5_000;
/** A hundred times the longest text that is repaired. */
const THREAD_MEMORY_MIB = 64;

const repairedSchema = z.tuple([z.array(z.string().nullable())]);

/** The repaired texts, in order; null for each that is beyond repair. */
export async function repairJson(
  texts: readonly string[],
  threadMs = THREAD_MS,
): Promise<readonly (string | null)[]> {
  const characters = texts.reduce((total, text) => total + text.length, 0);
  return characters <= INLINE_CHARS ? texts.map(repairText) : repairInThread(texts, threadMs);
}

async function repairInThread(
  texts: readonly string[],
  threadMs: number,
): Promise<readonly (string | null)[]> {
  const thread = new Worker(new URL("./repair-thread.ts", import.meta.url), {
    workerData: texts,
    resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MIB },
  });
  try {
    const message = await once(thread, "message", { signal: AbortSignal.timeout(threadMs) });
    return repairedSchema.parse(message)[0];
  } catch {
    // The time or the memory was not enough: the text counts as beyond repair.
    return texts.map(() => null);
  } finally {
    await thread.terminate();
  }
}
