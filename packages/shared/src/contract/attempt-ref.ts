/**
 * Identifies one attempt of one run. Every write of a worker carries it, and writes of a superseded
 * attempt are refused.
 *
 * Rows name their own key `id`. Only `attemptOf` and `db` convert between the two names.
 */
export interface AttemptRef {
  readonly runId: string;
  readonly attempt: number;
}

/** The attempt that a run's row has reached. */
export function attemptOf({ id, attempt }: { id: string; attempt: number }): AttemptRef {
  return { runId: id, attempt };
}
