/**
 * G25: the calls of the gateway, compared with what the ledger counted for the run. A call that no
 * counter knows could be repeated, and paid for, without end.
 */
import type { Bounds, Finding } from "../check-history.ts";
import type { AttemptStored } from "../history.ts";
import { lastRow, type RunView } from "./run-view.ts";

/** Releases that count for nothing; the time limit of the run bounds them. */
const UNCOUNTED = ["drain", "rate_limited"];

export function* checkCounted(run: RunView, bounds: Bounds): Generator<Finding> {
  // A history may be closed more than once; the last look is the one that counts.
  const attempts = new Map(run.attempts.map((one) => [one.attempt, one]));
  yield* checkCounters(run, [...attempts.values()]);
  const calls = Map.groupBy(run.calls, ({ attempt }) => attempt);
  for (const [number, { length }] of calls) {
    const attempt = attempts.get(number);
    if (attempt === undefined) {
      yield ["G25", `the gateway was called for attempt ${number}, which the ledger does not know`];
    } else {
      yield* checkAttempt(attempt, length, bounds);
    }
  }
}

function* checkCounters(run: RunView, attempts: readonly AttemptStored[]): Generator<Finding> {
  const row = lastRow(run);
  if (row === null) return;
  const failed = attempts.filter(isCountedFailure).length;
  if (failed > row.appRetries) {
    yield ["G25", `${failed} attempts failed, and ${row.appRetries} are counted`];
  }
  const lost = attempts.filter(({ reason }) => reason === "worker_lost").length;
  if (lost > row.infraRetries) {
    yield ["G25", `${lost} attempts lost their worker, and ${row.infraRetries} are counted`];
  }
  if (row.attempt > attempts.length) {
    yield ["G25", `it took ${row.attempt} attempts, and the ledger knows ${attempts.length}`];
  }
}

function isCountedFailure({ outcome, reason }: AttemptStored): boolean {
  return outcome === "released" && !UNCOUNTED.includes(reason ?? "");
}

function* checkAttempt(
  { attempt, reason, calls }: AttemptStored,
  called: number,
  { callsAnAttempt }: Bounds,
): Generator<Finding> {
  // The reply to its claim was lost, so no worker knew of it.
  if (reason === "reply_lost") {
    yield ["G25", `attempt ${attempt} called the gateway, and is stored as never begun`];
  }
  // A lost worker reports nothing, and neither does the sweep when it ends a run.
  if (calls.length === 0) return;
  if (called > calls.length) {
    yield ["G25", `attempt ${attempt} called the gateway ${called} times, not ${calls.length}`];
  }
  for (const [purpose, { length }] of Map.groupBy(calls, (call) => call.purpose)) {
    if (length > callsAnAttempt) {
      yield ["G25", `attempt ${attempt} made ${length} calls for its ${purpose}`];
    }
  }
}
