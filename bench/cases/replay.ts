/** Case 8: what it costs to send a long log again, and one run to many readers. */
import { setTimeout as delay } from "node:timers/promises";
import { watchCpu } from "../measure/cpu-watch.ts";
import { median, quantile, toSpread } from "../measure/numbers.ts";
import { startProgram } from "../programs/start-program.ts";
import type { BenchStack } from "../systems/bench-stack.ts";
import { createFinishedRun } from "../systems/finished-run.ts";
import type { Case, CaseRun, Findings } from "./case.ts";
import { measureFanOut } from "./fan-out.ts";
import { digits, ms, spread } from "./render.ts";
import { withBenchStack } from "./with-bench-stack.ts";

export const REPLAY: Case = {
  name: "replay",
  summary: "a replay of 10 000 events, and 500 readers on one run (case 8)",
  options: {
    events: { default: "10000", help: "events in the log that is replayed" },
    replays: { default: "5", help: "replays of a round, one after the other" },
    readers: { default: "500", help: "readers on one live run" },
    "per-second": { default: "20", help: "chunks a second of that run" },
    rounds: { default: "5", help: "rounds" },
    seconds: { default: "1.2", help: "how long the readers are measured" },
  },
  run: runReplay,
};

const CPU_MS = 60;
const P99_MS = 100;
const ABOVE_WRITE_MICROS = 12;
const GOAL_EVENTS = 10_000;

interface ReplaySample {
  readonly round: number;
  readonly apiCpuMs: number;
  readonly p50: number;
  readonly p99: number;
  readonly events: number;
}

async function runReplay(run: CaseRun): Promise<Findings> {
  const { workers, samples, fanOut } = await withBenchStack({ workers: 1 }, async (bench) => ({
    workers: 1,
    samples: await measureReplays(bench, run),
    fanOut: await measureFanOut(bench, run, startRawWriter),
  }));
  const value = (pick: (sample: ReplaySample) => number) => toSpread(samples.map(pick));
  const cpu = value(({ apiCpuMs }) => apiCpuMs);
  const p99 = value(({ p99: each }) => each);
  const own = toSpread(fanOut.map(({ apiMicros }) => apiMicros));
  const above = toSpread(fanOut.map(({ apiMicros, rawMicros }) => apiMicros - rawMicros));
  const events = run.options.number("events");
  return {
    tables: [
      {
        title: "Replay from the beginning: median (min–max) of the rounds",
        columns: ["events", "API CPU ms", "p50 ms", "p99 ms"],
        rows: [
          [
            String(samples[0]?.events ?? 0),
            spread(cpu),
            spread(value(({ p50 }) => p50)),
            spread(p99),
          ],
        ],
      },
      {
        title: "Readers on one run: CPU in microseconds a delivery, median (min–max) of the rounds",
        columns: ["readers", "API", "bare SSE write", "above it", "lag p50 ms", "lag p99 ms"],
        rows: [
          [
            String(run.options.number("readers")),
            spread(own, 1),
            spread(toSpread(fanOut.map(({ rawMicros }) => rawMicros)), 1),
            spread(above, 1),
            ms(median(fanOut.map(({ lagMs }) => lagMs.p50))),
            ms(median(fanOut.map(({ lagMs }) => lagMs.p99))),
          ],
        ],
      },
    ],
    charts: [],
    goals: [
      {
        goal: `replay of ${GOAL_EVENTS} events ≤ ${CPU_MS} ms of CPU`,
        measured: `${digits(cpu.median)} ms for ${events}`,
        met: events >= GOAL_EVENTS ? cpu.median <= CPU_MS : null,
      },
      {
        goal: `replay of ${GOAL_EVENTS} events: p99 ≤ ${P99_MS} ms`,
        measured: `${digits(p99.median)} ms for ${events}`,
        met: events >= GOAL_EVENTS ? p99.median <= P99_MS : null,
      },
      {
        goal: `${run.options.number("readers")} readers ≤ ${ABOVE_WRITE_MICROS} µs of API CPU a delivery above the socket write`,
        measured: `${digits(above.median, 1)} µs`,
        met: above.median <= ABOVE_WRITE_MICROS,
      },
    ],
    notes: [`One API process, ${workers} worker. Replays are read in the native format.`],
    raw: { samples, fanOut },
  };
}

async function measureReplays(
  bench: BenchStack,
  { options, say }: CaseRun,
): Promise<ReplaySample[]> {
  const id = await createFinishedRun(bench, options.number("events"));
  const times = options.number("replays");
  const samples: ReplaySample[] = [];
  for (let round = 0; round <= options.number("rounds"); round += 1) {
    say(`round ${round}: ${times} replays`);
    const readCpu = watchCpu({ api: bench.pidsOf("api") });
    const report = await bench.load.ask("replay", {
      url: `${bench.apiUrl}/v1/runs/${id}/events`,
      token: bench.users.tokens[0] ?? "",
      times,
      concurrency: 1,
    });
    const { byGroup } = readCpu();
    if (round === 0) continue;
    samples.push({
      round,
      apiCpuMs: (byGroup["api"] ?? 0) / times,
      p50: quantile(report.ms, 0.5),
      p99: quantile(report.ms, 0.99),
      events: report.events,
    });
    await delay(200);
  }
  return samples;
}

function startRawWriter() {
  return startProgram({
    name: "sse-writer",
    file: new URL("../baselines/sse-writer.ts", import.meta.url),
  });
}
