/** The command line of the fairness tests. */
import { parseArgs } from "node:util";
import { readSeed, UsageError } from "../faults/usage-error.ts";

export const HELP = `Plays floods, weights, trickles and kills, and judges who got the slots.

  npm run test:fairness [-- options]

  --quick       small sizes, in less than a minute; writes nothing
  --only PART   claims (the ledger alone) or product (all processes); writes nothing
  --seed N      repeats the random choices of an earlier run (random)
  --no-write    leaves docs/flow-control.md as it is

Takes up to a quarter of an hour and expects the machine for itself. Exit code 1 when a criterion is
missed.
`;

const PARTS = ["claims", "product"] as const;

export interface Options {
  readonly isQuick: boolean;
  readonly parts: readonly (typeof PARTS)[number][];
  readonly seed: number;
  readonly writes: boolean;
}

/** Null when only help is wanted. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      seed: { type: "string" },
      "no-write": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const only = PARTS.find((part) => part === values.only);
  if (values.only !== undefined && only === undefined) {
    throw new UsageError(`--only must be ${PARTS.join(" or ")}, not ${values.only}.`);
  }
  return {
    isQuick: values.quick,
    parts: only ? [only] : PARTS,
    seed: readSeed(values.seed),
    writes: !(values.quick || values["no-write"] || only !== undefined),
  };
}

/** What is played, so that the whole takes a quarter of an hour, or less than a minute. */
export const SIZES = {
  full: {
    claims: {
      flood: 9_500,
      quietRuns: 10,
      hours: 2,
      atRandom: 100_000,
      races: 500,
      cost: { queued: 10_000, claims: 1_000 },
    },
    costTenants: [50, 10_000],
    product: { flood: 10_000, quietTenants: 50, runsEach: 20, arriveMs: 10_000, lone: 30 },
    shareMs: 60_000,
  },
  quick: {
    claims: {
      flood: 200,
      quietRuns: 3,
      hours: 0.5,
      atRandom: 1_000,
      races: 20,
      cost: { queued: 1_000, claims: 50 },
    },
    costTenants: [50],
    product: { flood: 300, quietTenants: 20, runsEach: 6, arriveMs: 1_000, lone: 10 },
    shareMs: 4_000,
  },
} as const;
