/**
 * G1, G10: a run completes unless something allows another ending. Without this check, a system that
 * fails every run at once would violate nothing: its runs end in time, once, and as announced.
 */
import type { Bounds, Finding } from "../check-history.ts";
import { lastRow, type RunView } from "./run-view.ts";

export function* checkOutcome(run: RunView, { mayFailWith }: Bounds): Generator<Finding> {
  const row = lastRow(run);
  if (row?.status === "cancelled" && !run.cancels.some(mayHaveCancelled)) {
    yield ["G10", "it was cancelled without an accepted cancel"];
  }
  if (row?.status !== "failed") return;
  const code = row.errorCode ?? "no code";
  const isAskedFor = run.submitted.some(({ fault }) => fault !== null);
  if (!isAskedFor && !mayFailWith.includes(code)) {
    yield ["G1", `it failed with ${code} in attempt ${row.attempt}, and the gateway worked`];
  }
}

/** A cancel without a response, or with a 5xx, may have been accepted. */
function mayHaveCancelled({ httpStatus }: RunView["cancels"][number]): boolean {
  return httpStatus < 300 || httpStatus >= 500;
}
