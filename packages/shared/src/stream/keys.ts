/** The Redis names of a run's stream. One hash tag, so that a cluster keeps them in one slot. */
export interface RunKeys {
  readonly log: string;
  readonly meta: string;
  readonly live: string;
}

export function keysOf(runId: string): RunKeys {
  // guards G6: one slot
  return { log: `{run:${runId}}:log`, meta: `{run:${runId}}:meta`, live: `{run:${runId}}:live` };
}

/** Workers listen here for runs whose cancelling was committed; a hint, the beat is the backstop. */
export const CANCEL_CHANNEL = "runs:cancel";
