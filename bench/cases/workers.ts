/** Case 7: how many live runs one worker holds, and what more workers add. */
import { readRssBytes } from "../measure/cpu.ts";
import { median, pairRatios, type Spread, toSpread } from "../measure/numbers.ts";
import { type BenchStack, workersFor } from "../systems/bench-stack.ts";
import { OURS } from "../systems/ours.ts";
import type { Case, CaseRun, Findings, Goal, Table } from "./case.ts";
import { measureStreams } from "./measure-streams.ts";
import { digits, ms, spread } from "./render.ts";
import { withBenchStack } from "./with-bench-stack.ts";
import { measureScaling, type ScalingSample } from "./worker-scaling.ts";

export const WORKERS: Case = {
  name: "workers",
  summary: "1 000 live runs on one worker; 1, 2 and 4 workers (case 7)",
  options: {
    live: { default: "1000", help: "live runs on one worker, each read by somebody" },
    "per-second": { default: "1", help: "chunks a second of each live run" },
    seconds: { default: "3", help: "how long each measurement lasts" },
    workers: { default: "1,2,4", help: "numbers of workers that are compared" },
    concurrency: { default: "10", help: "runs at a time of each of them" },
    rounds: { default: "3", help: "rounds of the comparison" },
  },
  run: runWorkers,
};

const LIVE_GOAL = 1000;
/** Each start takes five requests of a database that answers 150 of them a second. */
const STARTS_A_SECOND = 30;
const TEXT_WITHIN_MS = 60_000;
const LINEAR = 0.95;
/** Above it, all cores are as good as full. */
const FULL = 0.95;

interface LiveSample {
  readonly wanted: number;
  readonly accepted: number;
  readonly live: number;
  readonly lost: number;
  readonly lagP50: number;
  readonly lagP99: number;
  readonly workerKbARun: number;
  readonly workerCpuMicros: number;
}

async function runWorkers(run: CaseRun): Promise<Findings> {
  const live = await measureLive(run);
  const scaling = await measureScaling(run);
  return {
    tables: [tabulateLive(live), tabulateScaling(scaling)],
    charts: [],
    goals: [judgeLive(live), ...judgeScaling(scaling)],
    notes: [
      live.accepted < live.wanted
        ? `WORKER_CONCURRENCY refuses more than ${live.accepted}.`
        : `WORKER_CONCURRENCY=${live.accepted}.`,
      "A run of the comparison lasts 1 s at the gateway; linear is so many times what one worker completes.",
    ],
    raw: { live, scaling },
  };
}

async function measureLive({ options, say }: CaseRun): Promise<LiveSample> {
  const wanted = options.number("live");
  const { concurrency } = workersFor(wanted);
  const streams = Math.min(wanted, concurrency);
  say(`${streams} live runs on one worker`);
  const environment = { WORKER_CONCURRENCY: String(concurrency) };
  return withBenchStack({ workers: 1, appEnvironment: environment }, async (bench) => {
    const [worker = 0] = bench.pidsOf("worker");
    const before = readRssBytes(worker);
    let peak = before;
    const timer = setInterval(() => {
      peak = Math.max(peak, readRssBytes(worker));
    }, 500);
    const [sample] = await measureStreams(bench, workerOf(bench, await OURS.start(bench)), {
      sizes: [streams],
      perSecond: options.number("per-second"),
      seconds: options.number("seconds"),
      warmUpSeconds: 1,
      // How many it holds is asked here; how fast they start, the burst of `first-text` asks.
      startsASecond: STARTS_A_SECOND,
      textWithinMs: TEXT_WITHIN_MS,
    });
    clearInterval(timer);
    if (!sample) throw new Error("Nothing was measured.");
    return {
      wanted,
      accepted: concurrency,
      live: sample.opened.withText,
      lost: sample.closed.lost,
      lagP50: sample.lagMs.p50,
      lagP99: sample.lagMs.p99,
      workerKbARun: (peak - before) / 1024 / streams,
      workerCpuMicros: sample.microsAChunk["own"] ?? Number.NaN,
    };
  });
}

/** The CPU that counts here is the worker's alone. */
function workerOf(bench: BenchStack, system: Awaited<ReturnType<typeof OURS.start>>) {
  return { ...system, pids: () => bench.pidsOf("worker") };
}

function tabulateLive(live: LiveSample): Table {
  return {
    title: "Live runs on one worker",
    columns: [
      "wanted",
      "live",
      "lost",
      "lag p50 ms",
      "lag p99 ms",
      "KB a run",
      "worker µs a chunk",
    ],
    rows: [
      [
        String(live.wanted),
        String(live.live),
        String(live.lost),
        ms(live.lagP50),
        ms(live.lagP99),
        digits(live.workerKbARun, 1),
        digits(live.workerCpuMicros),
      ],
    ],
  };
}

function judgeLive({ live, lost, wanted }: LiveSample): Goal {
  return {
    goal: `one worker holds ${LIVE_GOAL} live runs`,
    measured: `${live} live, ${lost} chunks lost`,
    met: wanted >= LIVE_GOAL ? live >= LIVE_GOAL && lost === 0 : null,
  };
}

function ratesOf(samples: readonly ScalingSample[], workers: number): readonly number[] {
  return samples.filter((one) => one.workers === workers).map(({ perSecond }) => perSecond);
}

function shareOfLinear(samples: readonly ScalingSample[], workers: number): Spread {
  const linear = ratesOf(samples, 1).map((rate) => rate * workers);
  return pairRatios(ratesOf(samples, workers), linear);
}

function countsOf(samples: readonly ScalingSample[]): readonly number[] {
  return [...new Set(samples.map(({ workers }) => workers))].toSorted((a, b) => a - b);
}

function busyOf(samples: readonly ScalingSample[], workers: number): number {
  return median(samples.filter((one) => one.workers === workers).map(({ busy }) => busy));
}

function tabulateScaling(samples: readonly ScalingSample[]): Table {
  return {
    title: "Runs completed a second: median (min–max) of the rounds",
    columns: ["workers", "a second", "of linear", "cores busy"],
    rows: countsOf(samples).map((workers) => [
      String(workers),
      spread(toSpread(ratesOf(samples, workers)), 1),
      spread(shareOfLinear(samples, workers), 2),
      `${digits(100 * busyOf(samples, workers))} %`,
    ]),
  };
}

function judgeScaling(samples: readonly ScalingSample[]): readonly Goal[] {
  return countsOf(samples)
    .filter((workers) => workers > 1 && ratesOf(samples, 1).length > 0)
    .map((workers) => {
      const share = shareOfLinear(samples, workers);
      const isFull = busyOf(samples, workers) >= FULL;
      return {
        goal: `${workers} workers ≥ ${LINEAR} of linear until the cores are full`,
        measured: `${spread(share, 2)}${isFull ? ", the cores are full" : ""}`,
        met: share.median >= LINEAR || isFull,
      };
    });
}
