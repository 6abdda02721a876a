/** Case 1: from a request to its first text, one at a time and many at once, and a burst. */
import { setTimeout as delay } from "node:timers/promises";
import { watchCpu } from "../measure/cpu-watch.ts";
import { median, quantile } from "../measure/numbers.ts";
import { type BenchStack, workersFor } from "../systems/bench-stack.ts";
import { findSystems } from "../systems/index.ts";
import { installPeers } from "../systems/install-peers.ts";
import type { RunningSystem, System } from "../systems/system.ts";
import type { Case, CaseRun, Findings } from "./case.ts";
import {
  type BurstSample,
  chartFirstText,
  type FirstTextSample,
  judgeFirstText,
  tabulateFirstText,
} from "./first-text-tables.ts";
import { withBenchStack, withSystems } from "./with-bench-stack.ts";

export const FIRST_TEXT: Case = {
  name: "first-text",
  summary: "time to the first text at 1, 20 and 100 at once, and a burst of starts (case 1)",
  options: {
    at: { default: "1,20,100", help: "requests at once" },
    rounds: { default: "5", help: "rounds A B A B" },
    singles: { default: "3", help: "requests of a round, one at a time" },
    burst: { default: "150", help: "starts of the burst; 0 leaves it out" },
    systems: {
      default: "pass-through-context,naive,ours,langgraph",
      help: "in the order of a round",
    },
    few: { default: "langgraph", help: "systems without the largest size and the burst" },
  },
  run: runFirstText,
};

/** A short answer: what comes after the first text is not what is measured. */
const SHORT = { perSecond: 50, chunks: 3 };
const LONG = { perSecond: 20, chunks: 10_000 };
const TEXT_WITHIN_MS = 20_000;
const CLOSE_WITHIN_MS = 20_000;
const SETTLE_MS = 300;
const BURST_A_SECOND = 100;
const BURST_LIMIT_MS = 2000;
/** Starts that are meant to be at once. */
const AT_ONCE = 1_000_000;

async function runFirstText({ options, say }: CaseRun): Promise<Findings> {
  const systems = findSystems(options.list("systems"));
  installPeers(systems, say);
  const { workers, concurrency } = workersFor(Math.max(...options.numbers("at"), 200));
  const environment = { WORKER_CONCURRENCY: String(concurrency) };
  const { samples, bursts } = await withBenchStack(
    { workers, appEnvironment: environment },
    (bench) =>
      withSystems(bench, systems, async (running) => ({
        samples: await measureRounds({ bench, running, systems }, { options, say }),
        bursts: await measureBursts({ bench, running, systems }, { options, say }),
      })),
  );
  return {
    tables: tabulateFirstText(samples, bursts),
    charts: chartFirstText(samples),
    goals: judgeFirstText(samples, bursts),
    notes: [
      `${workers} worker process with WORKER_CONCURRENCY=${concurrency}; one API process.`,
      "The gateway sends its first chunk at once, so the times are the systems' own.",
      "The database's own time is the CPU of Postgres and the Supabase stand-in for each run.",
    ],
    raw: { samples, bursts },
  };
}

interface Scene {
  readonly bench: BenchStack;
  readonly running: ReadonlyMap<string, RunningSystem>;
  readonly systems: readonly System[];
}

async function measureRounds(scene: Scene, { options, say }: CaseRun): Promise<FirstTextSample[]> {
  const samples: FirstTextSample[] = [];
  const few = options.list("few");
  for (let round = 0; round <= options.number("rounds"); round += 1) {
    const sizes = options.numbers("at");
    // The largest size needs no round of its own to warm up.
    for (const at of round === 0 ? sizes.slice(0, -1) : sizes) {
      for (const { name } of scene.systems) {
        const system = scene.running.get(name);
        const isLeftOut = at === sizes.at(-1) && sizes.length > 1 && few.includes(name);
        if (!system || isLeftOut) continue;
        say(`round ${round}: ${name}, ${at} at once`);
        const turns = at === 1 ? options.number("singles") : 1;
        const sample = await measureOnce(scene.bench, system, { at, turns });
        if (round > 0) samples.push({ round, at, system: name, ...sample });
      }
    }
  }
  return samples;
}

async function measureOnce(
  bench: BenchStack,
  system: RunningSystem,
  { at, turns }: { readonly at: number; readonly turns: number },
) {
  system.thaw();
  const readCpu = watchCpu({ own: system.pids(), ...bench.shared() });
  const times: number[] = [];
  let failed = 0;
  try {
    for (let turn = 0; turn < turns; turn += 1) {
      const opened = await bench.load.ask("open", {
        target: system.target(SHORT),
        count: at,
        perSecond: AT_ONCE,
        textWithinMs: TEXT_WITHIN_MS,
      });
      times.push(...opened.firstTextMs);
      failed += at - opened.withText;
      await bench.load.ask("close", { withinMs: CLOSE_WITHIN_MS });
    }
    await delay(SETTLE_MS);
  } finally {
    system.freeze();
  }
  const { byGroup } = readCpu();
  const runs = at * turns;
  const databaseMs = ((byGroup["postgres"] ?? 0) + (byGroup["supabase"] ?? 0)) / runs;
  const ownMs = (byGroup["own"] ?? 0) / runs;
  return { p50: median(times), p99: quantile(times, 0.99), failed, databaseMs, ownMs };
}

async function measureBursts(scene: Scene, { options, say }: CaseRun): Promise<BurstSample[]> {
  const count = options.number("burst");
  const samples: BurstSample[] = [];
  if (count === 0) return samples;
  for (const { name } of scene.systems) {
    const system = scene.running.get(name);
    if (!system || options.list("few").includes(name)) continue;
    say(`burst of ${count}: ${name}`);
    system.thaw();
    await scene.bench.gateway.ask("beginStreams", null);
    const opened = await scene.bench.load.ask("open", {
      target: system.target(LONG),
      count,
      perSecond: BURST_A_SECOND,
      textWithinMs: TEXT_WITHIN_MS,
    });
    await scene.bench.gateway.ask("endStreams", null);
    await scene.bench.load.ask("close", { withinMs: CLOSE_WITHIN_MS });
    await delay(SETTLE_MS);
    system.freeze();
    samples.push({
      system: name,
      count,
      withTextInTime: opened.firstTextAtMs.filter((ms) => ms <= BURST_LIMIT_MS).length,
      withText: opened.withText,
      lastTextMs: Math.max(...opened.firstTextAtMs),
    });
  }
  return samples;
}
