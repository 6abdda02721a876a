/** How many runs so many workers complete in a second, from a queue that never empties. */
import { setTimeout as delay } from "node:timers/promises";
import { toPrompt } from "../gateway/script.ts";
import { watchMachine } from "../measure/machine-use.ts";
import type { BenchStack } from "../systems/bench-stack.ts";
import { queueRuns } from "../systems/queue-runs.ts";
import { createRuns, withSql } from "../systems/sql.ts";
import type { CaseRun } from "./case.ts";
import { withBenchStack } from "./with-bench-stack.ts";

export interface ScalingSample {
  readonly round: number;
  readonly workers: number;
  readonly perSecond: number;
  /** Of all cores, 0 to 1. */
  readonly busy: number;
}

const RUN_SECONDS = 1;
const SCRIPT = { perSecond: 10, chunks: 10 * RUN_SECONDS };
/** The first wave of runs ends all at once: two of them pass unmeasured. */
const WARM_UP_SECONDS = 2 * RUN_SECONDS;
const DRAIN_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 100;

export function measureScaling({ options, say }: CaseRun): Promise<ScalingSample[]> {
  const counts = options.numbers("workers");
  const most = Math.max(...counts);
  const environment = { WORKER_CONCURRENCY: options.text("concurrency") };
  return withBenchStack({ workers: most, appEnvironment: environment }, async (bench) => {
    const samples: ScalingSample[] = [];
    for (let round = 1; round <= options.number("rounds"); round += 1) {
      for (const workers of counts) {
        say(`round ${round}: ${workers} workers`);
        await keepWorkers(bench, { workers, most });
        const sample = await measureOnce(bench, {
          slots: workers * options.number("concurrency"),
          seconds: options.number("seconds"),
        });
        samples.push({ round, workers, ...sample });
      }
    }
    return samples;
  });
}

async function keepWorkers(
  { stack }: BenchStack,
  { workers, most }: { readonly workers: number; readonly most: number },
): Promise<void> {
  for (let number = 1; number <= most; number += 1) {
    const name = `worker-${number}`;
    if (number <= workers) await stack.startProcess(name);
    else await stack.stopProcess(name);
  }
}

async function measureOnce(
  bench: BenchStack,
  { slots, seconds }: { readonly slots: number; readonly seconds: number },
): Promise<{ perSecond: number; busy: number }> {
  const enough = Math.ceil((slots / RUN_SECONDS) * (WARM_UP_SECONDS + seconds + RUN_SECONDS));
  const ids = await createRuns(bench, { count: enough, prompt: toPrompt(SCRIPT) });
  await queueRuns(bench, ids);
  await delay(WARM_UP_SECONDS * 1000);
  const readBusy = watchMachine();
  const before = await readCounts(bench);
  await delay(seconds * 1000);
  const after = await readCounts(bench);
  const busy = readBusy();
  await drain(bench);
  const perSecond = ((after.completed - before.completed) * 1000) / (after.at - before.at);
  return { perSecond, busy };
}

async function drain(bench: BenchStack): Promise<void> {
  const deadline = performance.now() + DRAIN_WITHIN_MS;
  while ((await readCounts(bench)).running > 0) {
    if (performance.now() > deadline) throw new Error("The queue was not worked off in time.");
    await delay(LOOK_EVERY_MS);
  }
}

function readCounts(
  bench: BenchStack,
): Promise<{ completed: number; running: number; at: number }> {
  return withSql(bench, async (query) => {
    const [row = {}] = await query(
      `select count(*) filter (where status = 'completed') as completed,
         count(*) filter (where status = 'running') as running from public.agent_runs`,
    );
    return {
      completed: Number(row["completed"]),
      running: Number(row["running"]),
      at: performance.now(),
    };
  });
}
