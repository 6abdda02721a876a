/**
 * `npm run test:faults -- kill`: kills workers at random tokens, at the times of production. The
 * text of every reader must equal the row's text and the bytes of one attempt.
 */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { eventually } from "../../support/eventually.ts";
import type { AppProcess } from "../app-process.ts";
import { type Arena, createArena } from "../arena.ts";
import { checkHistory, type Violation } from "../check-history.ts";
import type { Client } from "../client.ts";
import { collect } from "../collect.ts";
import {
  addReports,
  type KillReport,
  NOTHING_KILLED,
  percentile,
  reportKills,
} from "../kill-report.ts";
import { newRandom, type Random } from "../random.ts";
import { kill, startRuns } from "../steps.ts";
import { readCount, readSeed } from "../usage-error.ts";

const USAGE = `Kills workers with SIGKILL while runs stream, and compares the texts of the readers.

  npm run test:faults -- kill [options]

  --runs N      number of runs (100)
  --workers N   number of workers (3)
  --wave N      runs submitted together (20)
  --seed N      repeats the random choices of an earlier run (random)

In each wave two workers are killed, one after the other, and started again. Exit code 1 when a
guarantee is violated or the handover to the next attempt takes too long.
`;

/** A run may lose two workers and still complete; the third loss would end it. */
const KILLS_A_WAVE = 2;
/** An answer takes about eight seconds, long enough for two kills. */
const PIECES_PER_SECOND = 60;
const WAVE_WITHIN_MS = 120_000;
/** A lease of four seconds, the sweep after it expires, a claim, and a busy machine. */
const HANDOVER_P99_MS = 6_000;
const BOUNDS = { endWithinMs: WAVE_WITHIN_MS, attempts: 1 + KILLS_A_WAVE };

interface Options {
  readonly runs: number;
  readonly workers: number;
  readonly wave: number;
  readonly seed: number;
}

function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string", default: "100" },
      workers: { type: "string", default: "3" },
      wave: { type: "string", default: "20" },
      seed: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return null;
  }
  return {
    runs: readCount("runs", values.runs),
    workers: readCount("workers", values.workers),
    wave: readCount("wave", values.wave),
    seed: readSeed(values.seed),
  };
}

async function playWave(arena: Arena, client: Client, { count, random }: Wave): Promise<void> {
  const runs = await startRuns(client, count);
  const restarts = new Map<AppProcess, Promise<void>>();
  for (let turn = 0; turn < KILLS_A_WAVE; turn += 1) {
    await eventually(() => runs.some(({ reader }) => reader.count > 1), Boolean, WAVE_WITHIN_MS);
    await delay(random.int(200, 3_000));
    const victim = chooseVictim(arena, runs, { random, spared: restarts });
    if (!victim) break;
    await kill(arena, victim);
    restarts.set(victim, victim.start());
  }
  await Promise.all(restarts.values());
  await collect(arena, { withinMs: WAVE_WITHIN_MS, clients: [client] });
}

interface Wave {
  readonly count: number;
  readonly random: Random;
}

/** A worker that is alive and holds a run whose reader is still following. */
function chooseVictim(
  { workers, holders }: Arena,
  runs: Awaited<ReturnType<typeof startRuns>>,
  {
    random,
    spared,
  }: { readonly random: Random; readonly spared: Pick<Map<AppProcess, unknown>, "has"> },
): AppProcess | null {
  const busy = new Set(runs.map(({ runId }) => holders.of(runId)));
  const alive = workers.filter((worker) => !spared.has(worker) && busy.has(worker.name));
  return alive.length === 0 ? null : random.pick(alive);
}

async function killUntil(
  arena: Arena,
  { runs, wave, seed }: Options,
): Promise<{ report: KillReport; violations: Violation[] }> {
  const random = newRandom(seed);
  const violations: Violation[] = [];
  let report = NOTHING_KILLED;
  while (report.runs < runs) {
    const client = await arena.createClient();
    const count = Math.min(wave, runs - report.runs);
    await playWave(arena, client, { count, random });
    // A thousand runs would not fit into memory: each wave is checked and dropped.
    const history = arena.recorder.history.splice(0);
    const found = checkHistory(history, BOUNDS);
    violations.push(...found);
    report = addReports(report, reportKills(history));
    const { terminal, interrupted } = report;
    console.log(`  ${terminal} of ${report.runs} runs ended, ${interrupted} were interrupted`);
    for (const { guarantee, runId, message } of found)
      console.log(`    ${guarantee} ${runId}: ${message}`);
  }
  return { report, violations };
}

function show(report: KillReport): void {
  const { runs, terminal, interrupted, readers, exactReaders, handoversMs } = report;
  const at = (share: number) => `${Math.round(percentile(handoversMs, share) ?? 0)} ms`;
  const isJudged = handoversMs.length >= HANDOVERS_FOR_A_P99;
  const p99 = `p99 ${at(0.99)}${isJudged ? ` of at most ${HANDOVER_P99_MS} ms` : ""}`;
  console.log(`
runs that ended              ${terminal} of ${runs}
runs that were interrupted   ${interrupted}
readers with exact text      ${exactReaders} of ${readers}
gaps                         ${report.gaps}
duplicates                   ${report.duplicates}
last event to next attempt   p50 ${at(0.5)}, ${p99} (${handoversMs.length} handovers)`);
}

/** With fewer than a hundred, the p99 is the slowest one, which depends on the machine. */
const HANDOVERS_FOR_A_P99 = 100;

/** False without any handover, because nothing was measured. */
function isSoonEnough({ handoversMs }: KillReport): boolean {
  if (handoversMs.length > 0 && handoversMs.length < HANDOVERS_FOR_A_P99) return true;
  return (percentile(handoversMs, 0.99) ?? Infinity) <= HANDOVER_P99_MS;
}

/** Returns the exit code. */
export async function killWorkers(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === null) return 0;
  console.log(`Killing workers under ${options.runs} runs with seed ${options.seed}.`);
  const { workers } = options;
  const arena = await createArena({
    workers,
    times: "default",
    piecesPerSecond: PIECES_PER_SECOND,
  });
  try {
    const { report, violations } = await killUntil(arena, options);
    show(report);
    const isWhole = report.terminal === report.runs && report.exactReaders === report.readers;
    console.log(`violations                   ${violations.length}`);
    const isGood = isWhole && isSoonEnough(report) && violations.length === 0;
    return isGood ? 0 : 1;
  } finally {
    await arena.close();
  }
}
