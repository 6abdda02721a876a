/** Ends a process in order: one signal drains it, a second one or the deadline cuts it short. */
import type { Logger } from "./log.ts";

export interface Shutdown {
  readonly log: Logger;
  /** Longer than the close may take; the process ends then, whatever is left. */
  readonly deadlineMs: number;
  readonly close: () => Promise<void>;
}

export function closeOnSignals({ log, deadlineMs, close }: Shutdown): void {
  let closing = false;
  const stop = (reason: string, exitCode: number) => {
    if (closing) {
      log.warn({ reason }, "Asked to stop again; stopping now");
      process.exit(exitCode || 1);
    }
    closing = true;
    log.info({ reason }, "Stopping");
    setTimeout(() => {
      log.error({ deadlineMs }, "Stopping took too long; some work was left as it was");
      process.exit(1);
    }, deadlineMs).unref();
    close().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.error({ error }, "Stopping failed");
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop(signal, 0));
  // A parent that dies without a signal closes the channel; without it nobody would ever stop us.
  // One that has asked before it went has not asked twice.
  process.on("disconnect", () => {
    if (!closing) stop("the parent process is gone", 0);
  });
  process.on("uncaughtException", (error) => {
    log.fatal({ error }, "An error was thrown where nobody caught it");
    stop("an uncaught error", 1);
  });
}
