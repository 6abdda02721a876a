/** The latency of an accepted cancel, from when the database accepted it. */
import { isEnding, lastRow, type RunView, viewRuns } from "./checks/run-view.ts";
import type { History, Instant } from "./history.ts";

export interface CancelLatencies {
  /** Until the gateway's connection was closed, for each that was open. */
  readonly gatewayMs: readonly number[];
  /** Until a reader received the ending, for each reader. */
  readonly readerMs: readonly number[];
  /** Until the run had ended in the database. */
  readonly rowMs: readonly number[];
}

/** Only of runs that ended as cancelled. */
export function measureCancels(history: History): CancelLatencies {
  const cancelled = viewRuns(history).flatMap((run) => {
    const acceptedAt = lastRow(run)?.cancelRequestedAt ?? null;
    const isCancelled = lastRow(run)?.status === "cancelled";
    return acceptedAt !== null && isCancelled ? [{ run, acceptedAt }] : [];
  });
  return {
    gatewayMs: cancelled.flatMap(({ run, acceptedAt }) => closings(run, acceptedAt)),
    readerMs: cancelled.flatMap(({ run, acceptedAt }) =>
      run.readers.flatMap(({ events }) => events.filter(isEnding).map(({ at }) => at - acceptedAt)),
    ),
    rowMs: cancelled.flatMap(({ run, acceptedAt }) => {
      const completedAt = lastRow(run)?.completedAt ?? null;
      return completedAt === null ? [] : [completedAt - acceptedAt];
    }),
  };
}

function closings({ calls }: RunView, acceptedAt: Instant): number[] {
  return calls.flatMap(({ closedBy, closedAt }) =>
    closedBy === "client" && closedAt !== null && closedAt >= acceptedAt
      ? [closedAt - acceptedAt]
      : [],
  );
}
