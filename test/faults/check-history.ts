/**
 * Judges a history: which invariants it breaks, where and how. Pure, so that it is itself tested
 * on histories that are known to be bad.
 */
import { checkCalls } from "./checks/check-calls.ts";
import { checkEndings } from "./checks/check-endings.ts";
import { checkOutcome } from "./checks/check-outcome.ts";
import { checkStored } from "./checks/check-stored.ts";
import { checkStreams } from "./checks/check-streams.ts";
import { checkSurroundings } from "./checks/check-surroundings.ts";
import { viewRuns } from "./checks/run-view.ts";
import type { History } from "./history.ts";

/** What must hold under every fault. */
export const INVARIANTS = {
  I1: "every accepted run ends in time, completed unless the gateway or a cancel kept it from that, and every reader is told",
  I2: "a run ends once",
  I3: "what has ended never changes",
  I4: "nothing of a superseded attempt after a newer one",
  I5: "a log has no hole, holds one attempt, and is closed",
  I6: "readers miss nothing, see nothing twice, and agree",
  I7: "every text equals the row's and the gateway's bytes",
  I8: "an ending is told after the row has ended, as it ended",
  I9: "the gateway is asked as often as needed, and not after the end",
  I10: "one run for each idempotency key",
  I11: "what was accepted is in the database",
  I12: "no text of another tenant",
  I13: "resources return to where they were",
  I14: "an accepted cancel cancels, and closes the gateway's connection",
  I15: "usage is what the gateway last said",
  I16: "no secret in anything that is said",
  I17: "readiness says what is true",
  I18: "a process that is asked to stop does, in time",
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  /** Null for what is not about one run. */
  readonly runId: string | null;
  readonly message: string;
}

/** A violation before it is known whose. */
export type Finding = readonly [Invariant, string];

export interface Bounds {
  /** From the acceptance to the end. */
  readonly endWithinMs: number;
  /** From the reply to a cancel to the close of the gateway's connection. */
  readonly cancelWithinMs: number;
  readonly attempts: number;
  /** The first try and two more before the first text. */
  readonly callsAnAttempt: number;
  /** False where the one who should close the log was killed before: readers find the row. */
  readonly logsClosed: boolean;
  /** The codes with which a run may fail that the gateway was not asked to fail. */
  readonly mayFailWith: readonly string[];
}

export const BOUNDS: Bounds = {
  endWithinMs: 45_000,
  cancelWithinMs: 2_000,
  attempts: 5,
  callsAnAttempt: 3,
  logsClosed: true,
  mayFailWith: [],
};

export function checkHistory(history: History, bounds: Partial<Bounds> = {}): Violation[] {
  const all = { ...BOUNDS, ...bounds };
  const runs = viewRuns(history);
  const ofRuns = runs.flatMap((run) =>
    [
      ...checkEndings(run, all),
      ...checkOutcome(run, all),
      ...checkStreams(run, all),
      ...checkCalls(run, all),
    ].map(([invariant, message]): Violation => ({ invariant, runId: run.runId, message })),
  );
  return [...ofRuns, ...checkStored(history), ...checkSurroundings(history, runs)];
}
