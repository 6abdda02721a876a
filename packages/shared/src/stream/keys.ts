/** The Redis keys of a run's stream. One hash tag keeps them in one slot of a cluster. */
export interface RunKeys {
  readonly log: string;
  readonly meta: string;
  readonly live: string;
}

export function keysOf(runId: string): RunKeys {
  // guards G6: one slot
  return { log: `{run:${runId}}:log`, meta: `{run:${runId}}:meta`, live: `{run:${runId}}:live` };
}

/** Announces committed cancels to workers. Best effort: the heartbeat delivers them as well. */
export const CANCEL_CHANNEL = "runs:cancel";
