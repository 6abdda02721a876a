/** `npm run test:budget`: a hundred runs at a time on one budget, in real processes. */
import { parseArgs } from "node:util";
import { z } from "zod";
import { createArena } from "../faults/arena.ts";
import { newRandom } from "../faults/random.ts";
import { isUsageError, readCount, readSeed } from "../faults/usage-error.ts";
import { formatReport, isGood } from "./budget-report.ts";
import { playBudget, type Scenario } from "./play-budget.ts";

const USAGE = `Streams runs at a time on one budget, and compares the books with the attempts.

  npm run test:budget -- [options]

  --runs N   how many runs at a time (100)
  --seed N   repeats the random choices of an earlier run (random)

Plays three budgets: one that fits everything with a hundredth to spare, one that fits half, and that one
while workers are killed. Exit code 1 when a run is refused or stopped that would have fitted, when a
run exceeds its reserve by more than a piece of text, when more than a hundredth of a budget is left that
a run was stopped for, or when the sums of the attempts and of the books differ.
`;

const stopSchema = z.object({ runId: z.string(), pieceTokens: z.int() });
const USAGE_EXIT_CODE = 2;
const WORKERS = 3;
/** An answer takes some twenty seconds: long enough for all to stream at a time, and for two kills. */
const PIECES_PER_SECOND = 30;

const SCENARIOS: readonly Scenario[] = [
  { name: "1 % more than everything", share: 1.01, kills: 0 },
  { name: "half of everything", share: 0.5, kills: 0 },
  { name: "half of everything, workers killed", share: 0.5, kills: 3 },
];

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "100" },
      seed: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const runs = readCount("runs", values.runs);
  const seed = readSeed(values.seed);
  console.log(`Playing budgets with ${runs} runs at a time and seed ${seed}.`);
  const pieces = new Map<string, number>();
  const arena = await createArena({
    workers: WORKERS,
    environment: { WORKER_CONCURRENCY: String(runs) },
    piecesPerSecond: PIECES_PER_SECOND,
    onLine: (_, line) => {
      if (!line.includes(`"msg":"The budget was used up"`)) return;
      const { runId, pieceTokens } = stopSchema.parse(JSON.parse(line));
      pieces.set(runId, pieceTokens);
    },
  });
  try {
    const random = newRandom(seed);
    let exitCode = 0;
    for (const scenario of SCENARIOS) {
      const report = await playBudget(arena, { ...scenario, runs, random, pieces });
      console.log(formatReport(scenario, report));
      if (!isGood(scenario, report)) exitCode = 1;
    }
    return exitCode;
  } finally {
    await arena.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!isUsageError(error)) throw error;
  console.error(error.message);
  process.exitCode = USAGE_EXIT_CODE;
}
