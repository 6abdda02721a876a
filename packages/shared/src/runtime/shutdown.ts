/** Shuts a process down in order. A second signal or the deadline ends the shutdown at once. */
import type { Logger } from "./log.ts";

export interface Shutdown {
  readonly log: Logger;
  /** The process exits after this time even if `close` has not finished. */
  readonly deadlineMs: number;
  readonly close: () => Promise<void>;
}

export function closeOnSignals({ log, deadlineMs, close }: Shutdown): void {
  let closing = false;
  const stop = (reason: string, exitCode: number) => {
    if (closing) {
      log.warn({ reason }, "A second stop was requested; the process exited at once");
      process.exit(exitCode || 1);
    }
    closing = true;
    log.info({ reason }, "The shutdown began");
    setTimeout(() => {
      log.error({ deadlineMs }, "The shutdown exceeded its deadline; the process exited");
      process.exit(1);
    }, deadlineMs).unref();
    close().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.error({ error }, "The shutdown failed");
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop(signal, 0));
  // A parent that dies without a signal closes the channel. After a signal that changes nothing.
  process.on("disconnect", () => {
    if (!closing) stop("the parent process exited", 0);
  });
  process.on("uncaughtException", (error) => {
    log.fatal({ error }, "An uncaught error was thrown");
    stop("an uncaught error", 1);
  });
}
