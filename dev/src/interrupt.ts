/** Ctrl-C: the first requests a graceful stop, the second exits at once. */
export interface Interrupt {
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly happened: Promise<void>;
  /** Called at the second Ctrl-C, before the process exits. */
  onForce(force: () => void): void;
  /** Restores the default handling of the signals. */
  close(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** What a shell reports for a process that Ctrl-C ended. */
const FORCED_EXIT_CODE = 130;

export function createInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const happened = Promise.withResolvers<void>();
  let force = (): void => {};

  const listen = (): void => {
    if (controller.signal.aborted) {
      force();
      process.exit(FORCED_EXIT_CODE);
    }
    onFirst();
    controller.abort(new Error("Interrupted."));
    happened.resolve();
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  return {
    signal: controller.signal,
    happened: happened.promise,
    onForce: (next) => {
      force = next;
    },
    close: () => {
      for (const signal of SIGNALS) process.off(signal, listen);
    },
  };
}
