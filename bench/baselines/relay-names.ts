/** The names that a relay has in common with its worker. */
export const NAIVE_QUEUE = "naive-runs";
export const POLLING_QUEUE = "polling-runs";

export function channelOf(runId: string): string {
  return `naive:${runId}`;
}

export interface BaselineJob {
  readonly runId: string;
  readonly prompt: string;
}

/** As many runs at once as a measurement has streams. */
export const BASELINE_CONCURRENCY = 1200;
