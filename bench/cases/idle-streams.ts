/** Case 6: thousands of streams on which nothing happens, on one API process. */
import { readRssBytes } from "../measure/cpu.ts";
import { watchCpu } from "../measure/cpu-watch.ts";
import type { BenchStack } from "../systems/bench-stack.ts";
import { createRuns, readActivity } from "../systems/sql.ts";
import type { Case, CaseRun, Findings, Goal, Table } from "./case.ts";
import { digits, ms } from "./render.ts";
import { withBenchStack } from "./with-bench-stack.ts";

export const IDLE: Case = {
  name: "idle",
  summary: "memory, keep-alives and row reads of idle streams on one API process (case 6)",
  options: {
    streams: { default: "5000", help: "streams, each of a run of its own that waits in the queue" },
    seconds: { default: "62", help: "how long they are watched; reauthorization is every 60 s" },
  },
  run: runIdle,
};

const STREAMS_GOAL = 5000;
const KB_A_STREAM = 20;
const READS_A_SECOND = 10;
/** The API's keep-alive interval, and what a busy event loop may add. */
const KEEP_ALIVE_MS = 15_000;
const LATE_MS = 1000;
const SAMPLE_EVERY_MS = 5000;

interface IdleSample {
  readonly open: number;
  readonly errors: readonly string[];
  /** Of a run that is read after the watch: 200, or the reads came to a standstill. */
  readonly statusAfter: number;
  readonly kbAStream: number;
  readonly cpuPercent: number;
  readonly readsASecond: number;
  readonly busiestReadsASecond: number;
  readonly transactionsASecond: number;
  readonly keepAlives: number;
  readonly gapMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

async function runIdle({ options, say }: CaseRun): Promise<Findings> {
  // No worker: the runs wait in the queue, and nothing happens to them.
  const sample = await withBenchStack({ workers: 0 }, (bench) =>
    measureIdle(bench, {
      count: options.number("streams"),
      seconds: options.number("seconds"),
      say,
    }),
  );
  return {
    tables: [tabulate(sample)],
    charts: [],
    goals: judge(sample, options.number("streams")),
    notes: [
      "Memory is the growth of the API's resident set from before the streams were opened to the end of the watch, over their number.",
      "Row reads are scans of agent_runs as Postgres counts them; its counters may be some seconds late.",
      ...(sample.statusAfter === 200
        ? []
        : [`After the watch, reading a run was answered ${sample.statusAfter}.`]),
      ...sample.errors.map((error) => `While opening: ${error}.`),
    ],
    raw: sample,
  };
}

function tabulate(sample: IdleSample): Table {
  const { gapMs } = sample;
  return {
    title: "Idle streams on one API process",
    columns: [
      "streams",
      "KB each",
      "CPU %",
      "row reads/s",
      "busiest 5 s",
      "transactions/s",
      "keep-alive p50 ms",
      "p99 ms",
      "max ms",
    ],
    rows: [
      [
        String(sample.open),
        digits(sample.kbAStream, 1),
        digits(sample.cpuPercent, 1),
        digits(sample.readsASecond, 1),
        digits(sample.busiestReadsASecond, 1),
        digits(sample.transactionsASecond, 1),
        ms(gapMs.p50),
        ms(gapMs.p99),
        ms(gapMs.max),
      ],
    ],
  };
}

function judge(sample: IdleSample, wanted: number): Goal[] {
  const { open, statusAfter, kbAStream, gapMs, readsASecond } = sample;
  const isJudged = wanted >= STREAMS_GOAL && gapMs.max > 0;
  return [
    {
      goal: `${STREAMS_GOAL} idle streams ≤ ${KB_A_STREAM} KB each`,
      measured: `${digits(kbAStream, 1)} KB at ${open}`,
      met: isJudged ? open >= STREAMS_GOAL && kbAStream <= KB_A_STREAM : null,
    },
    {
      goal: `keep-alives on time: p99 of the gap ≤ ${KEEP_ALIVE_MS + LATE_MS} ms`,
      measured: `${ms(gapMs.p99)} ms`,
      met: isJudged ? gapMs.p99 <= KEEP_ALIVE_MS + LATE_MS : null,
    },
    {
      goal: `≤ ${READS_A_SECOND} row reads a second in all`,
      measured: `${digits(readsASecond, 1)}, a read afterwards was answered ${statusAfter}`,
      met: isJudged ? statusAfter === 200 && readsASecond <= READS_A_SECOND : null,
    },
  ];
}

async function measureIdle(
  bench: BenchStack,
  { count, seconds, say }: { count: number; seconds: number; say: (line: string) => void },
): Promise<IdleSample> {
  const [api = 0] = bench.pidsOf("api");
  say(`making ${count} runs`);
  const ids = await createRuns(bench, { count, prompt: "Tell us about coffee." });
  const urls = ids.map((id) => `${bench.apiUrl}/v1/runs/${id}/events`);
  const rssBefore = readRssBytes(api);
  say("opening the streams");
  const token = bench.users.tokens[0] ?? "";
  const { errors } = await bench.load.ask("openIdle", { urls, token });
  say(`watching them for ${seconds} s`);
  const readCpu = watchCpu({ api: [api] });
  const activity = sampleActivity(bench);
  const report = await bench.load.ask("measureIdle", { ms: seconds * 1000 });
  const { byGroup, wallMs } = readCpu();
  const rssAfter = readRssBytes(api);
  const headers = { authorization: `Bearer ${token}` };
  const after = await fetch(`${bench.apiUrl}/v1/runs/${ids[0]}`, { headers });
  await after.arrayBuffer();
  return {
    ...report,
    errors,
    statusAfter: after.status,
    kbAStream: (rssAfter - rssBefore) / 1024 / Math.max(1, report.open),
    cpuPercent: (100 * (byGroup["api"] ?? 0)) / wallMs,
    ...(await activity.stop()),
  };
}

function sampleActivity(bench: BenchStack) {
  const readings: Promise<{ at: number; transactions: number; scans: number }>[] = [];
  const read = async () => ({ at: performance.now(), ...(await readActivity(bench)) });
  readings.push(read());
  const timer = setInterval(() => readings.push(read()), SAMPLE_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      readings.push(read());
      const all = await Promise.all(readings);
      const rates = all.slice(1).map((now, index) => {
        const before = all[index] ?? now;
        return ((now.scans - before.scans) * 1000) / Math.max(1, now.at - before.at);
      });
      const [first, last] = [all[0], all.at(-1)];
      const seconds = ((last?.at ?? 0) - (first?.at ?? 0)) / 1000;
      return {
        readsASecond: ((last?.scans ?? 0) - (first?.scans ?? 0)) / seconds,
        // The last interval may be a moment.
        busiestReadsASecond: Math.max(...rates.slice(0, -1)),
        transactionsASecond: ((last?.transactions ?? 0) - (first?.transactions ?? 0)) / seconds,
      };
    },
  };
}
