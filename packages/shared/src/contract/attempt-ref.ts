/**
 * One attempt of one run. Every write of a worker carries it, and it fences every one of them.
 *
 * A row calls its own key `id`. The conversion stands here for rows that the contract describes,
 * and in `db` for the ledger's answers.
 */
export interface AttemptRef {
  readonly runId: string;
  readonly attempt: number;
}

/** The attempt that a run's row has reached. */
export function attemptOf({ id, attempt }: { id: string; attempt: number }): AttemptRef {
  return { runId: id, attempt };
}
