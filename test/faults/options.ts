/** What `npm run test:faults` was asked for. */
import { parseArgs } from "node:util";
import { nameOf, type Scenario } from "./scenario.ts";

const USAGE = `Plays faults against the real system, serially, and writes docs/fault-matrix.md.

  npm run test:faults -- [options]

  --only F02,F05   only these; the others keep their lines in the table
  --times WHICH    short or default: only the lines at these times; both if absent
  --seed N         repeats the random moments of an earlier run
  --repeat N       plays each so often (once, and F70 three times), each with the next seed
  --no-write       leaves the table as it is
  --verbose        shows what every process says
  --list           names the faults and ends

A failed one leaves its history as a file, and says where. Exit code 1 when one failed.
`;

export interface Options {
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  /** Null for as often as each scenario says. */
  readonly repeat: number | null;
  readonly write: boolean;
  readonly verbose: boolean;
}

/** Null when it was asked for words instead of faults, which are then printed. */
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
    seed: Number(values.seed ?? Math.floor(Math.random() * 1e6)),
    repeat: values.repeat === undefined ? null : Number(values.repeat),
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
    throw new Error(`The times are short or default, not ${times}.`);
  }
  const timed = all.filter(
    ({ arena }) => times === undefined || (arena?.times ?? "short") === times,
  );
  if (only === undefined) return timed;
  const wanted = only.split(",").map((id) => id.trim().toUpperCase());
  const unknown = wanted.find((id) => timed.every((scenario) => scenario.id !== id));
  if (unknown) {
    const at = times === undefined ? "" : ` at ${times} times`;
    throw new Error(`There is no fault ${unknown}${at}. --list names them.`);
  }
  return timed.filter(({ id }) => wanted.includes(id));
}
