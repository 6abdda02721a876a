/** Ctrl-C: the first asks for an orderly end, the second for an end. */
export interface Interrupt {
  /** Aborts at the first. */
  readonly signal: AbortSignal;
  readonly happened: Promise<void>;
  /** What the second does before the process is gone. */
  onForce(force: () => void): void;
  /** Gives the signals their usual meaning back. */
  close(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** As a shell reports a process that Ctrl-C ended. */
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
    controller.abort(new Error("It was interrupted."));
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
