/** The options of `npm run test:faults -- matrix`. */
import { parseArgs } from "node:util";
import { nameOf, type Scenario } from "../scenario.ts";
import { readCount, readSeed, UsageError } from "../usage-error.ts";

const USAGE = `Plays faults against the real system, one at a time, and writes docs/fault-matrix.md.

  npm run test:faults -- matrix [options]

  --only F02,F05   plays only these faults; the others keep their rows in the table (all)
  --times WHICH    short or default: plays only the rows at these times (both)
  --seed N         repeats the random moments of an earlier run (random)
  --repeat N       plays each fault N times, each with the next seed (1, and 3 for F70)
  --no-write       leaves the table unchanged
  --verbose        prints every line of every process
  --list           lists the faults and exits

The history of a failed fault is kept in a file, whose path is printed. Bounds of milliseconds and of
memory need a quiet machine. When one is missed while other programs use more than a fifth of the
processors, its fault is not judged, and its row stays as it was.

Exit code 1 when a fault failed, 3 when none failed and some were not judged.
`;

export interface Options {
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  /** Null for the scenario's own number. */
  readonly repeat: number | null;
  readonly write: boolean;
  readonly verbose: boolean;
}

/** Null when there is nothing to play: the help or the list has been printed. */
export function readOptions(all: readonly Scenario[], args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      times: { type: "string" },
      seed: { type: "string" },
      repeat: { type: "string" },
      "no-write": { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const scenarios = chooseScenarios(all, values);
  if (values.help) console.log(USAGE);
  if (values.list) for (const one of scenarios) console.log(`${nameOf(one)}  ${one.title}`);
  if (values.help || values.list) return null;
  return {
    scenarios,
    seed: readSeed(values.seed),
    repeat: values.repeat === undefined ? null : readCount("repeat", values.repeat),
    write: !values["no-write"],
    verbose: values.verbose,
  };
}

interface Choice {
  readonly only?: string | undefined;
  readonly times?: string | undefined;
}

function chooseScenarios(all: readonly Scenario[], { only, times }: Choice): readonly Scenario[] {
  if (times !== undefined && times !== "short" && times !== "default") {
    throw new UsageError(`--times must be short or default, not ${times}.`);
  }
  const timed = all.filter(
    ({ arena }) => times === undefined || (arena?.times ?? "short") === times,
  );
  if (only === undefined) return timed;
  const wanted = only.split(",").map((id) => id.trim().toUpperCase());
  const unknown = wanted.find((id) => timed.every((scenario) => scenario.id !== id));
  if (unknown) {
    const at = times === undefined ? "" : ` at ${times} times`;
    throw new UsageError(`There is no fault ${unknown}${at}. --list names them.`);
  }
  return timed.filter(({ id }) => wanted.includes(id));
}
