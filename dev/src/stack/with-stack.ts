/** Starts a stack, runs a command, and stops the stack whatever the command's outcome. */
import { createInterrupt } from "../interrupt.ts";
import { type Stack, startStack } from "./stack.ts";
import type { StackOptions } from "./stack-options.ts";

interface RunningStack {
  readonly stack: Stack;
  readonly startedInMs: number;
  readonly interrupted: Promise<void>;
}

export interface StackCommand {
  readonly options: Omit<StackOptions, "onLine" | "signal">;
  readonly verbose: boolean;
  /** Returns the exit code. */
  readonly use: (running: RunningStack) => Promise<number>;
}

export async function withStack({ options, verbose, use }: StackCommand): Promise<number> {
  const interrupt = createInterrupt(() =>
    console.log("\nStopping. Press Ctrl-C again to exit at once."),
  );
  const startedAtMs = performance.now();
  console.log("Starting the local stack …");
  try {
    const stack = await startStack({
      ...options,
      signal: interrupt.signal,
      onLine: (name, line) => {
        if (name === "stack") console.log(line);
        else if (verbose) console.log(`${name} | ${line}`);
      },
    });
    interrupt.onForce(stack.kill);
    try {
      const startedInMs = performance.now() - startedAtMs;
      return await use({ stack, startedInMs, interrupted: interrupt.happened });
    } finally {
      await stack.stop();
    }
  } catch (error) {
    if (interrupt.signal.aborted) return 0;
    throw error;
  } finally {
    interrupt.close();
  }
}
