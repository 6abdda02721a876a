/**
 * Counts tokens without blocking the event loop, for answers whose gateway reported no usage.
 *
 * One thread counts for all runs of a process. It is started when it is needed and ends when it has had
 * nothing to do for a while. Nobody waits long for a number that is an estimate anyway: what is not
 * counted in time is guessed.
 */
import { Worker } from "node:worker_threads";
import { roughTokens } from "./rough-tokens.ts";

export interface TokenCounter {
  /** Never fails. What is not counted within `waitMs` is guessed. */
  count(text: string, waitMs?: number): Promise<number>;
  /** Ends the thread. Later texts are guessed. */
  close(): Promise<void>;
}

export interface CounterLimits {
  readonly waitMs: number;
  readonly idleMs: number;
}

/**
 * waitMs: Three times what the start of the thread takes. The end of a cancelled run waits for it.
 * idleMs: The thread holds 60 MB; a burst of cancelled runs shares one.
 */
const LIMITS: CounterLimits = { waitMs: 1_000, idleMs: 10_000 };
/** A third of it is the vocabulary. */
const THREAD_MEMORY_MIB = 96;

interface Asked {
  readonly text: string;
  answer(tokens: number): void;
}

/** A thread with the texts that it has been sent, in order. */
interface Counting {
  readonly thread: Worker;
  readonly asked: Asked[];
}

export function createTokenCounter(limits: Partial<CounterLimits> = {}): TokenCounter {
  const { waitMs: usualWaitMs, idleMs } = { ...LIMITS, ...limits };
  let counting: Counting | null = null;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function end(ended: Counting): Promise<void> {
    if (counting === ended) counting = null;
    clearTimeout(idle);
    for (const { text, answer } of ended.asked.splice(0)) answer(roughTokens(text));
    await ended.thread.terminate();
  }

  function start(): Counting {
    const thread = new Worker(new URL("./token-thread.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MIB },
    });
    const started: Counting = { thread, asked: [] };
    // A process that stops does not wait for it.
    thread.unref();
    thread.on("message", (tokens: number) => {
      started.asked.shift()?.answer(tokens);
      if (started.asked.length === 0) idle = setTimeout(() => void end(started), idleMs).unref();
    });
    thread.on("error", () => void end(started));
    return started;
  }

  return {
    count(text, waitMs = usualWaitMs) {
      if (isClosed) return Promise.resolve(roughTokens(text));
      clearTimeout(idle);
      counting ??= start();
      const { thread, asked } = counting;
      return new Promise((resolve) => {
        const late = setTimeout(() => resolve(roughTokens(text)), waitMs);
        const answer = (tokens: number) => {
          clearTimeout(late);
          resolve(tokens);
        };
        asked.push({ text, answer });
        thread.postMessage(text);
      });
    },
    async close() {
      isClosed = true;
      if (counting) await end(counting);
    },
  };
}
