/** What the times of refused requests and of ended runs say. Pure. */

export interface Observed {
  /** When the gateway began to refuse, and when it stopped. */
  readonly closedMs: number;
  readonly openedMs: number;
  readonly refusedMs: readonly number[];
  /** Ends of completed runs. */
  readonly completedMs: readonly number[];
  readonly warmMs: number;
}

export interface Measured {
  /** Refused while it began: several runs may have been on their way. */
  readonly firstRefusals: number;
  readonly probes: number;
  /** Most in any second after the first. */
  readonly probesInASecond: number;
  /** Seconds after the first refusal. */
  readonly refusedAfter: readonly number[];
  /** Runs a second. */
  readonly before: number;
  readonly after: number;
  /** From the end of the refusals until as many runs end as before; null if they never did. */
  readonly recoveredAfterMs: number | null;
}

const SECOND = 1000;
/** The rate is that of the last three seconds. */
const WINDOW_MS = 3 * SECOND;
/** When the rate must have recovered. */
export const RECOVERED_WITHIN_MS = 10 * SECOND;
export const SHARE = 0.9;

export function measure(observed: Observed): Measured {
  const { closedMs, openedMs, refusedMs, completedMs, warmMs } = observed;
  const first = refusedMs[0] ?? closedMs;
  const probes = refusedMs.filter((at) => at >= first + SECOND);
  const before = rate(completedMs, warmMs, closedMs);
  const times = completedMs.filter((at) => at >= openedMs);
  const recovered = times.find((at) => rate(completedMs, at - WINDOW_MS, at) >= SHARE * before);
  const from = openedMs + RECOVERED_WITHIN_MS;
  return {
    firstRefusals: refusedMs.length - probes.length,
    probes: probes.length,
    probesInASecond: mostInASecond(probes),
    refusedAfter: refusedMs.map((at) => (at - first) / SECOND),
    before,
    after: rate(completedMs, from, from + RECOVERED_WITHIN_MS),
    recoveredAfterMs: recovered === undefined ? null : recovered - openedMs,
  };
}

function rate(times: readonly number[], fromMs: number, toMs: number): number {
  const within = times.filter((at) => at > fromMs && at <= toMs).length;
  return (within * SECOND) / (toMs - fromMs);
}

function mostInASecond(times: readonly number[]): number {
  const counts = times.map((from) => times.filter((at) => at >= from && at < from + SECOND).length);
  return Math.max(0, ...counts);
}
