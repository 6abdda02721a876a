/**
 * `npm run test:faults -- disconnects`: cuts readers off at random moments, thousands of times. Each
 * reconnects at its cursor, and must end with the row's text and the bytes of the gateway.
 */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Arena, createArena } from "../arena.ts";
import { checkHistory, type Violation } from "../check-history.ts";
import type { Client } from "../client.ts";
import { collect } from "../collect.ts";
import { addReports, type KillReport, NOTHING_KILLED, reportKills } from "../kill-report.ts";
import { newRandom, type Random } from "../random.ts";
import { type FollowedRun, startRuns } from "../steps.ts";
import { readCount, readSeed } from "../usage-error.ts";

const USAGE = `Cuts readers off at random moments and compares their texts after the run has ended.

  npm run test:faults -- disconnects [options]

  --runs N          number of runs (500)
  --disconnects N   number of disconnects over all runs (10000)
  --wave N          runs submitted together (20)
  --seed N          repeats the random choices of an earlier run (random)

Exit code 1 when a guarantee is violated or there were fewer disconnects than requested.
`;

interface Options {
  readonly runs: number;
  readonly disconnects: number;
  readonly wave: number;
  readonly seed: number;
}

const WAVE_WITHIN_MS = 60_000;
/** An answer takes about eight seconds, in which its reader can be cut off twenty times. */
const PIECES_PER_SECOND = 60;
const PAUSE_MS = { least: 50, most: 350 };

function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string", default: "500" },
      disconnects: { type: "string", default: "10000" },
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
    disconnects: readCount("disconnects", values.disconnects),
    wave: readCount("wave", values.wave),
    seed: readSeed(values.seed),
  };
}

/** Cuts one reader off until the number is reached or its run has ended. Returns the number. */
async function cutOff({ reader }: FollowedRun, times: number, random: Random): Promise<number> {
  let ended = false;
  void reader.done.then(() => {
    ended = true;
  });
  let count = 0;
  while (count < times && !ended) {
    await delay(random.int(PAUSE_MS.least, PAUSE_MS.most));
    // A connection that is still being opened is not cut, so that each one becomes open.
    if (ended || !reader.isOpen) continue;
    reader.disconnect();
    count += 1;
  }
  return count;
}

async function playWave(
  arena: Arena,
  client: Client,
  {
    count,
    times,
    random,
  }: { readonly count: number; readonly times: number; readonly random: Random },
): Promise<number> {
  const runs = await startRuns(client, count);
  const cuts = await Promise.all(runs.map((run) => cutOff(run, times, random)));
  await collect(arena, { withinMs: WAVE_WITHIN_MS, clients: [client] });
  return cuts.reduce((sum, one) => sum + one, 0);
}

interface Outcome {
  readonly report: KillReport;
  readonly disconnects: number;
  readonly violations: readonly Violation[];
}

async function playAll(arena: Arena, options: Options): Promise<Outcome> {
  const random = newRandom(options.seed);
  const violations: Violation[] = [];
  let report = NOTHING_KILLED;
  let disconnects = 0;
  while (report.runs < options.runs) {
    const client = await arena.createClient();
    const count = Math.min(options.wave, options.runs - report.runs);
    const left = options.disconnects - disconnects;
    const times = Math.ceil(left / (options.runs - report.runs));
    disconnects += await playWave(arena, client, { count, times, random });
    const history = arena.recorder.history.splice(0);
    violations.push(...checkHistory(history, { endWithinMs: WAVE_WITHIN_MS }));
    report = addReports(report, reportKills(history));
    console.log(`  ${report.terminal} of ${options.runs} runs ended, ${disconnects} disconnects`);
  }
  return { report, disconnects, violations };
}

/** Returns the exit code. */
export async function cutReadersOff(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === null) return 0;
  console.log(`Cutting readers of ${options.runs} runs off with seed ${options.seed}.`);
  const arena = await createArena({ apis: 2, piecesPerSecond: PIECES_PER_SECOND });
  try {
    const { report, disconnects, violations } = await playAll(arena, options);
    for (const { guarantee, runId, message } of violations) {
      console.log(`  ${guarantee} ${runId}: ${message}`);
    }
    console.log(`
runs that ended           ${report.terminal} of ${report.runs}
disconnects               ${disconnects}
readers with exact text   ${report.exactReaders} of ${report.readers}
gaps                      ${report.gaps}
duplicates                ${report.duplicates}
violations                ${violations.length}`);
    const isWhole = report.terminal === report.runs && report.exactReaders === report.readers;
    const isEnough = disconnects >= options.disconnects;
    return isWhole && isEnough && violations.length === 0 ? 0 : 1;
  } finally {
    await arena.close();
  }
}
