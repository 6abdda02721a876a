/** The runs that this process holds or claims, and the reason for which one was aborted. */
import type { AttemptRef } from "@cmo/shared/contract";

/**
 * - `cancelled`: a user cancelled the run. It is finalized with the text so far.
 * - `drain`: this process is stopping. The run is released for another worker.
 * - `overdue`: the time for all attempts is over. The run is finalized as failed, with the text so
 *   far.
 * - `lost`: this process lost its lease.
 * - `superseded`: the run has another attempt or has ended, or its time has been over for so long
 *   that the sweep may have ended it.
 *
 * After `lost` or `superseded` nothing may be written for the run.
 */
export type AbortReason = "cancelled" | "drain" | "overdue" | "lost" | "superseded";

export interface LiveRun extends AttemptRef {
  readonly signal: AbortSignal;
  abort(reason: AbortReason): void;
  /**
   * Null until the run is aborted. Later reasons are ignored, except `lost` and `superseded`, which
   * replace any other.
   */
  reason(): AbortReason | null;
  /** True from its time limit on, whatever the reason is. */
  isOverdue(): boolean;
}

/** A claim in flight. Which run it gets is not known, and that run may be cancelled meanwhile. */
interface LiveClaim {
  wasCancelled(runId: string): boolean;
  answered(): void;
}

export interface LiveRuns {
  hold(attempt: AttemptRef): LiveRun;
  remove(run: LiveRun): void;
  /** When `attempt` is null, aborts whichever attempt is held. */
  abort(runId: string, attempt: number | null, reason: AbortReason): void;
  abortAll(reason: AbortReason): void;
  readonly size: number;
  /** Registers a claim in flight, until its `answered` is called. */
  claiming(): LiveClaim;
  /** The runs that are held. */
  list(): AttemptRef[];
  /** False when the ledger counts more or fewer runs for this process than it knows. */
  agreesWith(heldByLedger: number): boolean;
}

export function createLiveRuns(): LiveRuns {
  const held = new Set<LiveRun>();
  /** For each claim in flight, the runs that were cancelled since it was asked for. */
  const claims = new Set<Set<string>>();
  return {
    hold(attempt) {
      const run = newLiveRun(attempt);
      held.add(run);
      return run;
    },
    remove: (run) => {
      held.delete(run);
    },
    abort(runId, attempt, reason) {
      for (const run of held) {
        if (run.runId === runId && (attempt ?? run.attempt) === run.attempt) run.abort(reason);
      }
      if (reason !== "cancelled") return;
      // guards G10: cancel before the answer
      for (const cancelled of claims) cancelled.add(runId);
    },
    abortAll(reason) {
      for (const run of held) run.abort(reason);
    },
    get size() {
      return held.size;
    },
    claiming() {
      const cancelled = new Set<string>();
      claims.add(cancelled);
      return {
        wasCancelled: (runId) => cancelled.has(runId),
        answered: () => void claims.delete(cancelled),
      };
    },
    list: () => [...held].map(({ runId, attempt }) => ({ runId, attempt })),
    // The ledger may or may not have counted a claim that is in flight.
    agreesWith: (count) => count >= held.size && count <= held.size + claims.size,
  };
}

function newLiveRun({ runId, attempt }: AttemptRef): LiveRun {
  const controller = new AbortController();
  let reason: AbortReason | null = null;
  let overdue = false;
  return {
    runId,
    attempt,
    signal: controller.signal,
    abort(next) {
      if (next === "overdue") overdue = true;
      if (reason === null || next === "lost" || next === "superseded") reason = next;
      controller.abort(next);
    },
    reason: () => reason,
    isOverdue: () => overdue,
  };
}
