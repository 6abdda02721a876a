/** `npm run test:faults`: plays the faults one after the other, and writes the table of them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type MatrixLine, writeFaultMatrix } from "./fault-matrix.ts";
import { type Played, playScenario } from "./play-scenario.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";

const USAGE = `Plays faults against the real system, serially, and writes docs/fault-matrix.md.

  npm run test:faults -- [options]

  --only F02,F05   only these; the others keep their lines in the table
  --seed N         repeats the random moments of an earlier run
  --repeat N       plays each so often (1)
  --no-write       leaves the table as it is
  --verbose        shows what every process says
  --list           names the faults and ends

A failed one leaves its history as a file, and says where. Exit code 1 when one failed.
`;

interface Options {
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  readonly repeat: number;
  readonly write: boolean;
  readonly verbose: boolean;
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      seed: { type: "string" },
      repeat: { type: "string", default: "1" },
      "no-write": { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) console.log(USAGE);
  if (values.list) for (const { id, title } of SCENARIOS) console.log(`${id}  ${title}`);
  if (values.help || values.list) return null;
  return {
    scenarios: chooseScenarios(values.only),
    seed: Number(values.seed ?? Math.floor(Math.random() * 1e6)),
    repeat: Number(values.repeat),
    write: !values["no-write"],
    verbose: values.verbose,
  };
}

function chooseScenarios(only: string | undefined): readonly Scenario[] {
  if (only === undefined) return SCENARIOS;
  return only.split(",").map((id) => {
    const found = SCENARIOS.find((scenario) => scenario.id === id.trim().toUpperCase());
    if (!found) throw new Error(`There is no fault ${id}. --list names them.`);
    return found;
  });
}

async function playAll({ scenarios, seed, repeat, verbose }: Options): Promise<MatrixLine[]> {
  const lines: MatrixLine[] = [];
  const onLine = (name: string, line: string) => {
    if (verbose) console.log(`    ${name} | ${line}`);
  };
  for (const scenario of scenarios) {
    const all: { readonly passed: boolean; readonly recoveryMs: number | null }[] = [];
    for (let turn = 0; turn < repeat; turn += 1) {
      const startedAt = performance.now();
      const played = await playScenario(scenario, { seed: seed + turn, onLine }).catch(toFailure);
      const passed = played.violations.length === 0 && played.failure === null;
      report(scenario, played, { seconds: (performance.now() - startedAt) / 1_000, passed });
      all.push({ passed, recoveryMs: played.recoveryMs });
    }
    const recoveries = all.flatMap(({ recoveryMs }) => recoveryMs ?? []);
    lines.push({
      scenario,
      played: all.length,
      passed: all.filter(({ passed }) => passed).length,
      worstRecoveryMs: recoveries.length === 0 ? null : Math.max(...recoveries),
      on: new Date().toISOString().slice(0, 10),
    });
  }
  return lines;
}

/** A system that could not be started is that scenario's failure, not the end of the others. */
function toFailure(error: unknown): Played {
  const failure = error instanceof Error ? error.message : String(error);
  return { violations: [], failure, recoveryMs: null, history: [], runs: 0 };
}

function report(
  { id, title }: Scenario,
  { violations, failure, recoveryMs, runs, history }: Played,
  { seconds, passed }: { readonly seconds: number; readonly passed: boolean },
): void {
  const recovery = recoveryMs === null ? "" : `, recovered in ${Math.round(recoveryMs)} ms`;
  const verdict = passed ? "passed" : "FAILED";
  console.log(`${id}  ${verdict}  ${title} (${runs} runs, ${seconds.toFixed(0)} s${recovery})`);
  if (passed) return;
  if (failure !== null) console.log(`    ${failure}`);
  for (const { invariant, runId, message } of violations) {
    console.log(`    ${invariant} ${runId === null ? "" : `run ${runId.slice(0, 8)}: `}${message}`);
  }
  console.log(`    The history is in ${keepHistory(id, history)}`);
}

function keepHistory(id: string, history: Played["history"]): string {
  const folder = join(tmpdir(), "cmo-kernel-faults");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${id}-${Date.now()}.jsonl`);
  writeFileSync(file, history.map((one) => `${JSON.stringify(one)}\n`).join(""));
  return file;
}

const options = readOptions();
if (options) {
  console.log(`Playing ${options.scenarios.length} faults with seed ${options.seed}.`);
  const lines = await playAll(options);
  const failed = lines.filter(({ played, passed }) => passed < played);
  console.log(`${lines.length - failed.length} of ${lines.length} faults passed.`);
  if (options.write) console.log(`Written: ${writeFaultMatrix(lines, SCENARIOS)}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
