/** The runs that this process holds or asks for, and why it may have to let go of one. */
import type { HeldRun } from "@cmo/shared/db";

/**
 * - `cancelled`: its user asked; it is finalized with what there is.
 * - `drain`: this process is stopping; it is released for another worker.
 * - `overdue`: its time for all attempts is over; it ends as failed with what there is.
 * - `lost`: this process lost its lease. · `superseded`: the run is no longer this attempt's.
 *   After either nothing may be written for it.
 */
export type AbortReason = "cancelled" | "drain" | "overdue" | "lost" | "superseded";

export interface LiveRun {
  readonly runId: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
  abort(reason: AbortReason): void;
  /** Null unless it was aborted. The first reason stands, unless the run was lost since. */
  reason(): AbortReason | null;
}

/** The run may be cancelled before anybody here knows that it is ours. */
interface LiveClaim {
  readonly wasCancelled: boolean;
  answered(): void;
}

export interface LiveRuns {
  hold(runId: string, attempt: number): LiveRun;
  letGo(run: LiveRun): void;
  /** `attempt` null: whichever attempt is held. */
  abort(runId: string, attempt: number | null, reason: AbortReason): void;
  abortAll(reason: AbortReason): void;
  readonly size: number;
  /** Counts a claim whose answer is awaited, until it is told that it was answered. */
  claiming(runId: string): LiveClaim;
  /** What is held, then what is being claimed. */
  list(): HeldRun[];
  /** False when the ledger counts runs here that we know nothing of, or too few. */
  agreesWith(heldByLedger: number): boolean;
}

export function createLiveRuns(): LiveRuns {
  const held = new Set<LiveRun>();
  const claims = new Set<HeldRun & { wasCancelled: boolean }>();
  return {
    hold(runId, attempt) {
      const run = newLiveRun(runId, attempt);
      held.add(run);
      return run;
    },
    letGo: (run) => {
      held.delete(run);
    },
    abort(runId, attempt, reason) {
      for (const run of held) {
        if (run.runId === runId && (attempt ?? run.attempt) === run.attempt) run.abort(reason);
      }
      for (const claim of claims) {
        if (claim.id === runId && reason === "cancelled") claim.wasCancelled = true;
      }
    },
    abortAll(reason) {
      for (const run of held) run.abort(reason);
    },
    get size() {
      return held.size;
    },
    claiming(runId) {
      const claim = { id: runId, attempt: null, wasCancelled: false };
      claims.add(claim);
      return {
        get wasCancelled() {
          return claim.wasCancelled;
        },
        answered: () => void claims.delete(claim),
      };
    },
    list: () => [
      ...[...held].map(({ runId: id, attempt }) => ({ id, attempt })),
      ...[...claims].map(({ id, attempt }) => ({ id, attempt })),
    ],
    // A claim that is under way may have been counted already, or not yet.
    agreesWith: (count) => count >= held.size && count <= held.size + claims.size,
  };
}

function newLiveRun(runId: string, attempt: number): LiveRun {
  const controller = new AbortController();
  let reason: AbortReason | null = null;
  return {
    runId,
    attempt,
    signal: controller.signal,
    abort(next) {
      if (reason === null || next === "lost" || next === "superseded") reason = next;
      controller.abort(next);
    },
    reason: () => reason,
  };
}
