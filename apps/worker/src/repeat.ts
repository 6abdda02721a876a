/** Runs something again and again, never twice at once, until the signal aborts. */
import type { Clock, Logger } from "@cmo/shared/runtime";

export interface Repeated {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

/** Resolves when the last run has ended. A failure is told once and does not end the loop. */
export async function repeat(
  { name, everyMs, run }: Repeated,
  { clock, log, signal }: { clock: Clock; log: Logger; signal: AbortSignal },
): Promise<void> {
  let failing = false;
  while (!signal.aborted) {
    const startedAt = clock.now();
    try {
      await run();
      if (failing) log.info({ task: name }, "The task works again");
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ error, task: name }, "The task failed; it is tried again");
      failing = true;
    }
    await clock.sleep(Math.max(0, everyMs - (clock.now() - startedAt)), signal);
  }
}
