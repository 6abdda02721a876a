/** `npm run test:faults -- matrix`: plays the faults one at a time and writes docs/fault-matrix.md. */
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MatrixLine, writeFaultMatrix } from "../fault-matrix.ts";
import { summarize } from "../matrix-summary.ts";
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
  const all: Judged[] = [];
  let notJudged: string | null = null;
  for (let turn = 0; turn < (repeat ?? scenario.repeats ?? 1); turn += 1) {
    const startedAt = performance.now();
    const played = await playScenario(scenario, { seed: seed + turn, onLine }).catch(toFailure);
    const verdict = verdictOf(played);
    const seconds = (performance.now() - startedAt) / 1_000;
    report(scenario, played, { seconds, verdict, seed: seed + turn });
    const { recoveryMs, figures } = played;
    if (verdict === "not judged") notJudged = played.notJudged;
    else all.push({ passed: verdict === "passed", recoveryMs, figures });
  }
  // Turns that failed count in any case; turns that passed do not stand for one that was not judged.
  if (notJudged !== null && all.every(({ passed }) => passed)) {
    return { kind: "not_judged", scenario, why: notJudged };
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

type Judged = Pick<Played, "recoveryMs" | "figures"> & { readonly passed: boolean };
type Verdict = "passed" | "failed" | "not judged";

function verdictOf({ violations, failure, notJudged }: Played): Verdict {
  if (violations.length > 0) return "failed";
  if (notJudged !== null) return "not judged";
  return failure === null ? "passed" : "failed";
}

/** A system that could not be started fails its scenario; the other scenarios are still played. */
function toFailure(error: unknown): Played {
  const failure = error instanceof Error ? error.message : String(error);
  const chats = { ended: 0, connections: 0 };
  const nothing = { recoveryMs: null, figures: [], history: [], runs: 0, chats };
  return { violations: [], failure, notJudged: null, ...nothing };
}

interface Outcome {
  readonly seconds: number;
  readonly verdict: Verdict;
  readonly seed: number;
}

function report(scenario: Scenario, played: Played, { seconds, verdict, seed }: Outcome): void {
  const { violations, failure, recoveryMs, figures, runs, chats, history } = played;
  const recovery = recoveryMs === null ? "" : `, recovered in ${Math.round(recoveryMs)} ms`;
  const screens = `${chats.ended} chats over ${chats.connections} connections`;
  const facts = `${runs} runs, ${screens}, ${seconds.toFixed(0)} s${recovery}, seed ${seed}`;
  const shown = verdict === "failed" ? "FAILED" : verdict;
  console.log(`    ${shown}  ${scenario.title} (${facts})`);
  for (const figure of figures) console.log(`    ${figure}`);
  if (verdict === "passed") return;
  if (failure !== null) console.log(`    ${failure}`);
  if (verdict === "not judged") console.log(`    ${played.notJudged}`);
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
  if (options.write) console.log(`Written: ${writeFaultMatrix(lines, SCENARIOS)}`);
  const { sentences, exitCode } = summarize(lines);
  for (const sentence of sentences) console.log(sentence);
  return exitCode;
}
