/** A system under test: its processes, and how a run's stream is asked of it. */
import type { GatewayScript } from "../gateway/script.ts";
import type { Target } from "../load/calls.ts";
import type { BenchStack } from "./bench-stack.ts";

export interface System {
  readonly name: string;
  /** What it is, in a few words. */
  readonly summary: string;
  /** Heavy dependencies of its own, installed on demand. */
  readonly isPeer?: boolean;
  start(bench: BenchStack): Promise<RunningSystem>;
}

export interface RunningSystem {
  /** Its own processes: what its CPU is counted of. */
  pids(): readonly number[];
  target(script: GatewayScript): Target;
  /** Stands still while another system is measured. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}
