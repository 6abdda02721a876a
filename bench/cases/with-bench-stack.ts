/** Runs a measurement on a stack of its own, which is gone afterwards, however it ends. */
import {
  type BenchStack,
  type BenchStackOptions,
  startBenchStack,
} from "../systems/bench-stack.ts";
import type { RunningSystem, System } from "../systems/system.ts";

export async function withBenchStack<Result>(
  options: BenchStackOptions,
  use: (bench: BenchStack) => Promise<Result>,
): Promise<Result> {
  const bench = await startBenchStack(options);
  try {
    return await use(bench);
  } finally {
    await bench.stop();
  }
}

/** All systems are started once and stand still but for the one that is measured. */
export async function withSystems<Result>(
  bench: BenchStack,
  systems: readonly System[],
  use: (running: ReadonlyMap<string, RunningSystem>) => Promise<Result>,
): Promise<Result> {
  const running = new Map<string, RunningSystem>();
  try {
    for (const system of systems) {
      const started = await system.start(bench);
      running.set(system.name, started);
      started.freeze();
    }
    return await use(running);
  } finally {
    await Promise.all([...running.values()].map((system) => system.stop()));
  }
}
