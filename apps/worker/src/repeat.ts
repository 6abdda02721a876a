/** Repeats a task until the signal aborts. Two runs of a task never overlap. */
import type { Clock, Logger } from "@cmo/shared/runtime";

export interface RepeatedTask {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

/** Resolves when the last run has ended. Failures do not end the loop; a series is logged once. */
export async function repeat(
  { name, everyMs, run }: RepeatedTask,
  { clock, log, signal }: { clock: Clock; log: Logger; signal: AbortSignal },
): Promise<void> {
  let failing = false;
  while (!signal.aborted) {
    const startedAt = clock.now();
    try {
      await run();
      if (failing) log.info({ task: name }, "The task recovered");
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ error, task: name }, "The task failed; it will be repeated");
      failing = true;
    }
    await clock.sleep(Math.max(0, everyMs - (clock.now() - startedAt)), signal);
  }
}
