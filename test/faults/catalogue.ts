/** The faults that have a scenario, and the known ones that have none, with the reason. */

/** Each has a scenario. */
export const GUARANTEED: readonly string[] = [
  ...range(1, 25),
  ...range(27, 67),
  ...range(69, 75),
  ...["F80", "F83"],
];

/** Played once more at the times of production. */
export const GUARANTEED_AT_DEFAULT_TIMES: readonly string[] = ["F02", "F05", "F18", "F67"];

export const UNTESTED: Readonly<Record<string, { readonly title: string; readonly why: string }>> =
  {
    F26: {
      title: "Redis may evict keys",
      why: "a setting and not an event: the runbook and docker-compose.yml require noeviction",
    },
    F68: {
      title: "an hour of steady load",
      why: "takes longer than the whole table; F70 finds lost runs, but no leaks of memory",
    },
  };

/** Where a bound of the usual catalogue of such systems is not the bound here, with the reason. */
export const DIFFERENT: Readonly<Record<string, string>> = {
  F08: "a hundred streams instead of five hundred, because the clients run on the same machine",
  F15: "a submit during an outage of Redis is accepted instead of refused with 503: the row is the outbox, and the sweep adds the job. The same holds for F18 and F23",
  F27: "readers may wait for 40 s, because six of the eight runs wait for one of two workers",
  F40: "a run fails with `rate_limited` only where its caller waits for the answer and can call again. A run that nobody waits for is released until its time limit, and then fails with `deadline_exceeded`; its calls are bounded by that limit and not by a number",
  F56: "the worker's heap is limited in this fault, so that its peak is what it holds and not what it has not collected yet",
  F59: "a reader that takes nothing is cut by time only, and not at 1 MiB of unsent bytes. The next part of 64 Ki characters is written after the reader has taken the last one, so that no reader ever has 1 MiB of them",
  F60: "two hundred clients and three waves instead of two thousand and five, because the clients run on the same machine",
  F69: "played with the database ahead of the processes, which is the order of a deployment. Workers of an older version are not kept in this repository",
  F71: "a run each 0.6 s instead of 10 s. The quiet tenant may wait for twice as long as alone, and for a slot to become free besides: the noisy one uses all of them while nobody else waits",
  F70: "two minutes instead of ten. Readers may wait for 20 s, because a reader that was cut off from Redis looks into the log after 15 s of silence",
};

function range(from: number, to: number): string[] {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return numbers.map((number) => `F${String(number).padStart(2, "0")}`);
}
