/** `npm run test:faults -- matrix`: plays the faults one at a time and writes docs/fault-matrix.md. */
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MatrixLine, writeFaultMatrix } from "../fault-matrix.ts";
import { type Played, playScenario } from "../play-scenario.ts";
import { nameOf, type Scenario } from "../scenario.ts";
import { SCENARIOS } from "../scenarios/index.ts";
import { type Options, readOptions } from "./matrix-options.ts";

async function playAll(options: Options): Promise<MatrixLine[]> {
  const { scenarios } = options;
  const startedAt = performance.now();
  const lines: MatrixLine[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    const elapsed = formatElapsed(performance.now() - startedAt);
    console.log(`[${index + 1}/${scenarios.length}, ${elapsed}] ${nameOf(scenario)}`);
    const obstacle = (await scenario.obstacle?.()) ?? null;
    if (obstacle === null) lines.push(await playOften(scenario, options));
    else {
      console.log(`    skipped: ${obstacle}`);
      lines.push({ kind: "skipped", scenario, why: obstacle });
    }
  }
  return lines;
}

async function playOften(
  scenario: Scenario,
  { seed, repeat, verbose }: Options,
): Promise<MatrixLine> {
  const onLine = (name: string, line: string) => {
    if (verbose) console.log(`    ${name} | ${line}`);
  };
  const all: (Pick<Played, "recoveryMs" | "figures"> & { readonly passed: boolean })[] = [];
  for (let turn = 0; turn < (repeat ?? scenario.repeats ?? 1); turn += 1) {
    const startedAt = performance.now();
    const played = await playScenario(scenario, { seed: seed + turn, onLine }).catch(toFailure);
    const passed = played.violations.length === 0 && played.failure === null;
    const seconds = (performance.now() - startedAt) / 1_000;
    report(scenario, played, { seconds, passed, seed: seed + turn });
    all.push({ passed, recoveryMs: played.recoveryMs, figures: played.figures });
  }
  const recoveries = all.flatMap(({ recoveryMs }) => recoveryMs ?? []);
  return {
    kind: "played",
    scenario,
    played: all.length,
    passed: all.filter(({ passed }) => passed).length,
    worstRecoveryMs: recoveries.length === 0 ? null : Math.max(...recoveries),
    figures: all.at(-1)?.figures ?? [],
    on: new Date().toISOString().slice(0, 10),
  };
}

/** A system that could not be started fails its scenario; the other scenarios are still played. */
function toFailure(error: unknown): Played {
  const failure = error instanceof Error ? error.message : String(error);
  return { violations: [], failure, recoveryMs: null, figures: [], history: [], runs: 0 };
}

interface Outcome {
  readonly seconds: number;
  readonly passed: boolean;
  readonly seed: number;
}

function report(scenario: Scenario, played: Played, { seconds, passed, seed }: Outcome): void {
  const { violations, failure, recoveryMs, figures, runs, history } = played;
  const recovery = recoveryMs === null ? "" : `, recovered in ${Math.round(recoveryMs)} ms`;
  const verdict = passed ? "passed" : "FAILED";
  const facts = `${runs} runs, ${seconds.toFixed(0)} s${recovery}, seed ${seed}`;
  console.log(`    ${verdict}  ${scenario.title} (${facts})`);
  for (const figure of figures) console.log(`    ${figure}`);
  if (passed) return;
  if (failure !== null) console.log(`    ${failure}`);
  for (const { guarantee, runId, message } of violations) {
    console.log(`    ${guarantee} ${runId === null ? "" : `run ${runId.slice(0, 8)}: `}${message}`);
  }
  console.log(`    The history is in ${keepHistory(scenario.id, history)}`);
}

function keepHistory(id: string, history: Played["history"]): string {
  const folder = join(tmpdir(), "cmo-kernel-faults");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${id}-${Date.now()}.jsonl`);
  writeFileSync(file, history.map((one) => `${JSON.stringify(one)}\n`).join(""));
  return file;
}

/** `m:ss` */
function formatElapsed(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Returns the exit code. */
export async function playMatrix(args: readonly string[]): Promise<number> {
  const options = readOptions(SCENARIOS, args);
  if (options === null) return 0;
  console.log(`Playing ${options.scenarios.length} faults with seed ${options.seed}.`);
  const lines = await playAll(options);
  const played = lines.filter((line) => line.kind === "played");
  const failed = played.filter((line) => line.passed < line.played);
  const skipped = lines.length - played.length;
  console.log(
    `${played.length - failed.length} of ${played.length} faults passed, ${skipped} were skipped.`,
  );
  for (const { scenario } of failed) console.log(`    failed: ${nameOf(scenario)}`);
  if (options.write) console.log(`Written: ${writeFaultMatrix(lines, SCENARIOS)}`);
  return failed.length > 0 ? 1 : 0;
}
