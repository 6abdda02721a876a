/** Starts one of this repository's programs and waits for its ready message over IPC. */
import { z } from "zod";
import { type Child, spawnChild } from "../processes/child.ts";

const Ready = z.object({ ready: z.literal(true) });

export interface AppOptions {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Restarts the program when one of its sources changes. */
  readonly watch: boolean;
  readonly onLine: (line: string) => void;
}

const START_WITHIN_MS = 20_000;

export async function startApp(options: AppOptions, own: (child: Child) => Child): Promise<void> {
  const { program, environment, watch, onLine } = options;
  const child = own(
    await spawnChild({
      program: process.execPath,
      args: [...(watch ? ["--watch", "--watch-preserve-output"] : []), program],
      environment,
      endSignal: "SIGTERM",
      ipc: true,
      onLine,
    }),
  );
  const ready = Promise.withResolvers<void>();
  child.onMessage((message) => {
    if (Ready.safeParse(message).success) ready.resolve();
  });
  const late = setTimeout(
    () => ready.reject(new Error(`It was not ready within ${START_WITHIN_MS / 1_000} seconds.`)),
    START_WITHIN_MS,
  );
  const early = child.exited.then((end) => {
    throw new Error(`It exited during its start (${end}).`);
  });
  try {
    await Promise.race([ready.promise, early]);
  } finally {
    clearTimeout(late);
  }
}
