/**
 * Finds the violations of guarantees in a history. Pure, so that it is itself tested with histories
 * that are known to be bad.
 */
import type { CheckedGuarantee } from "../guarantees.ts";
import { checkCalls } from "./checks/check-calls.ts";
import { checkChats } from "./checks/check-chats.ts";
import { checkCounted } from "./checks/check-counted.ts";
import { checkEndings } from "./checks/check-endings.ts";
import { checkOutcome } from "./checks/check-outcome.ts";
import { checkStored } from "./checks/check-stored.ts";
import { checkStreams } from "./checks/check-streams.ts";
import { checkSurroundings } from "./checks/check-surroundings.ts";
import { viewRuns } from "./checks/run-view.ts";
import type { History } from "./history.ts";

export interface Violation {
  readonly guarantee: CheckedGuarantee;
  /** Null when the violation is not about one run. */
  readonly runId: string | null;
  readonly message: string;
}

/** A violation without its run. */
export type Finding = readonly [CheckedGuarantee, string];

export interface Bounds {
  /** From the acceptance to the end. */
  readonly endWithinMs: number;
  /** From the reply to a cancel to the close of the gateway's connection. */
  readonly cancelWithinMs: number;
  readonly attempts: number;
  /** The first try and two more before the first text. */
  readonly callsAnAttempt: number;
  /** False where the process that should close the log was killed: readers find the row. */
  readonly logsClosed: boolean;
  /** Codes with which a run may fail although the gateway was not asked for a fault. */
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
      ...checkChats(run),
      ...checkCalls(run, all),
      ...checkCounted(run, all),
    ].map(([guarantee, message]): Violation => ({ guarantee, runId: run.runId, message })),
  );
  return [...ofRuns, ...checkStored(history), ...checkSurroundings(history, runs)];
}
