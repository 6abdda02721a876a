/** `npm run test:faults -- random`: plays a random mix of all faults over a steady load. */
import { parseArgs } from "node:util";
import { readCount } from "../usage-error.ts";
import { playMatrix } from "./matrix.ts";

const USAGE = `Plays random faults over a steady load, two minutes a round (F70 of the matrix).

  npm run test:faults -- random [options]

  --rounds N   number of rounds, each with the next seed (1)
  --seed N     repeats the faults of an earlier run (random)
  --verbose    prints every line of every process

The table is left unchanged. Exit code 1 when a guarantee is violated.
`;

/** Returns the exit code. */
export async function playRandom(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "1" },
      seed: { type: "string" },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const seed = values.seed === undefined ? [] : ["--seed", values.seed];
  const verbose = values.verbose ? ["--verbose"] : [];
  const fixed = [
    "--only",
    "F70",
    "--no-write",
    "--repeat",
    String(readCount("rounds", values.rounds)),
  ];
  return await playMatrix([...fixed, ...seed, ...verbose]);
}
