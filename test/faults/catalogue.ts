/** The faults that have a scenario, and the known ones that have none, with the reason. */

/** Each has a scenario. */
export const GUARANTEED: readonly string[] = [
  ...range(1, 13),
  ...["F15", "F16"],
  ...range(18, 24),
  ...range(28, 32),
  ...["F34"],
  ...range(36, 41),
  ...range(43, 46),
  ...range(48, 53),
  ...["F56"],
  ...range(58, 65),
  ...["F67", "F70", "F73", "F75"],
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
    F71: {
      title: "one tenant submits far more runs than the others",
      why: "concerns fairness between tenants, which does not exist yet",
    },
  };

function range(from: number, to: number): string[] {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return numbers.map((number) => `F${String(number).padStart(2, "0")}`);
}
