/** Hands one part to the supervisor and turns a failed start into a readable error. */

import type { KeptProcess } from "../processes/keeper.ts";
import type { Plan } from "./plan.ts";

/** Stages stop in reverse order: apps first, databases last. */
const STAGES = { data: 1, supabase: 2, apps: 3 };

/**
 * Apps get time to drain. Runs that a worker cannot finish in time are released, or swept after the
 * next start.
 */
const STOP_WITHIN_MS = { data: 8_000, supabase: 4_000, apps: 15_000 };

export interface Part {
  readonly name: string;
  readonly stage: keyof typeof STAGES;
  readonly start: KeptProcess["start"];
}

export async function keepPart({ supervisor, logs }: Plan, part: Part): Promise<void> {
  const stage = STAGES[part.stage];
  const stopWithinMs = STOP_WITHIN_MS[part.stage];
  try {
    await supervisor.keep({ ...part, stage, stopWithinMs });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${part.name} could not be started. ${why}\n${logs.describe(part.name)}`, {
      cause,
    });
  }
}
