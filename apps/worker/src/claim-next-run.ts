/**
 * Claims the next run, for all slots of this process.
 *
 * It asks until the ledger answers, because a job that is given up in an outage is missing when the
 * outage is over. When the ledger answers that nobody waits, this holds for every slot that was waiting
 * for its turn when it was asked. When the gateway takes nothing, all slots wait together.
 */
import type { ClaimedWork, NextClaim, RunLedger } from "@cmo/shared/db";
import { type Clock, type Logger, retryWhileUnavailable, type Slots } from "@cmo/shared/runtime";
import { type HeartbeatDeps, heartbeat } from "./heartbeat.ts";
import { createOutageLog } from "./outage-log.ts";

export interface ClaimNextRunDeps extends HeartbeatDeps {
  readonly ledger: RunLedger;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  /** The lane of the gateway for which this process claims now. */
  readonly lane: () => string | null;
  /** Claims of this process that are in flight at a time. */
  readonly claiming: Slots;
}

/** `wasCancelled` keeps a cancel that arrived before the answer to the claim. */
export type ClaimedRun = ClaimedWork & { readonly wasCancelled?: boolean };

/** `stopped`: this process stops, and did not ask. */
export type NextRun =
  | { readonly kind: "claimed"; readonly claimed: ClaimedRun }
  | { readonly kind: "empty" }
  | { readonly kind: "stopped" };

export type ClaimNextRun = () => Promise<NextRun>;

/** A short outage is covered quickly; a long one costs a call every two seconds. */
const RETRY_MS = { first: 200, max: 2000 };

/** Below `reconcile_after`, from which on a run whose claim got no reply may be released. */
const ANSWER_WITHIN_MS = 4000;

/** What a claim meets has usually passed when it asks once more; then it waits longer each time. */
const AGAIN_MS = { quickTurns: 3, first: 10, max: 1000 };

/** A pause may end early: the gateway recovers, or another process finds out. */
const PAUSE_MAX_MS = 30_000;

export function createClaimNextRun(deps: ClaimNextRunDeps, draining: AbortSignal): ClaimNextRun {
  const { clock, claiming } = deps;
  let arrived = 0;
  let emptyFor = 0;
  let pause: Promise<void> | null = null;

  function pauseFor(waitMs: number): void {
    pause ??= clock.sleep(Math.min(waitMs, PAUSE_MAX_MS), draining).finally(() => {
      pause = null;
    });
  }

  /** Null when this slot should ask once more. */
  async function ask(place: number, turn: number): Promise<NextRun | null> {
    if (pause !== null) return null;
    if (place <= emptyFor) return { kind: "empty" };
    const arrivedBefore = arrived;
    const claim = await claimWithRetries(deps, draining);
    switch (claim.kind) {
      case "claimed":
        return { kind: "claimed", claimed: claim };
      case "empty":
        emptyFor = Math.max(emptyFor, arrivedBefore);
        return { kind: "empty" };
      case "paused":
        pauseFor(claim.wait_ms);
        return null;
      case "again":
      case "worker_lost":
        await clock.sleep(againMs(turn), draining);
        return null;
    }
  }

  return async () => {
    arrived += 1;
    const place = arrived;
    for (let turn = 1; ; turn += 1) {
      await pause;
      if (!(await claiming.take(draining))) return { kind: "stopped" };
      try {
        const next = await ask(place, turn);
        if (next !== null) return next;
      } catch (error) {
        // An outage that did not end before this process stops.
        if (draining.aborted) return { kind: "stopped" };
        throw error;
      } finally {
        claiming.free();
      }
    }
  };
}

/** The answer to a claim, with what was heard of its run meanwhile. */
type Answer = Exclude<NextClaim, ClaimedWork> | ClaimedRun;

function againMs(turn: number): number {
  if (turn <= AGAIN_MS.quickTurns) return 0;
  return Math.min(AGAIN_MS.first * 2 ** (turn - AGAIN_MS.quickTurns), AGAIN_MS.max);
}

async function claimWithRetries(deps: ClaimNextRunDeps, signal: AbortSignal): Promise<Answer> {
  const outage = createOutageLog(deps.log, "Claims are asked for again.");
  const waitMs = (failures: number) =>
    Math.min(RETRY_MS.first * 2 ** (failures - 1), RETRY_MS.max) * (1 + deps.random());
  const policy = { waitMs, signal, onRetry: outage.failed };
  const claim = await retryWhileUnavailable(deps.clock, policy, () => claimLeased(deps));
  outage.ended();
  return claim;
}

/** Renews a lost lease, because a process without one would claim nothing. */
async function claimLeased(deps: ClaimNextRunDeps): Promise<Answer> {
  const claim = await claimOnce(deps);
  if (claim.kind === "worker_lost") await heartbeat(deps);
  return claim;
}

/** An answer that arrives after the worker was lost does not count: the sweep requeues that run. */
async function claimOnce(deps: ClaimNextRunDeps): Promise<Answer> {
  const { id } = deps.identity;
  const asked = deps.live.claiming();
  try {
    const inTime = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const claim = await deps.ledger.claimNext(id, deps.lane(), inTime);
    if (claim.kind !== "claimed") return claim;
    if (deps.identity.id !== id) return { kind: "worker_lost" };
    return { ...claim, wasCancelled: asked.wasCancelled(claim.run.id) };
  } finally {
    asked.answered();
  }
}
