/**
 * G1: that a run came to what was asked of it. Without this a system that fails every run at once
 * would break nothing: it ends them in time, once, and as it tells their readers.
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
    yield ["G1", `it failed with ${code} in attempt ${row.attempt}, and the gateway was well`];
  }
}

/** Who had no answer, or the answer of a system in trouble, does not know what became of it. */
function mayHaveCancelled({ httpStatus }: RunView["cancels"][number]): boolean {
  return httpStatus < 300 || httpStatus >= 500;
}
