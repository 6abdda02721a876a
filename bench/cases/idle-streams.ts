/** Case 6: thousands of streams on which nothing happens, on one API process. */
import { readRssBytes } from "../measure/cpu.ts";
import { watchCpu } from "../measure/cpu-watch.ts";
import { startProgram } from "../programs/start-program.ts";
import type { BenchStack } from "../systems/bench-stack.ts";
import { createRuns, readTransactions } from "../systems/sql.ts";
import { createStatementLog, logStatements, type StatementLog } from "../systems/statement-log.ts";
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
  /** Of a Node server that does nothing but hold such a response open. */
  readonly kbAResponse: number;
  readonly cpuPercent: number;
  readonly readsASecond: number;
  readonly busiestReadsASecond: number;
  readonly transactionsASecond: number;
  readonly keepAlives: number;
  readonly gapMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

async function runIdle({ options, say }: CaseRun): Promise<Findings> {
  // No worker: the runs wait in the queue, and nothing happens to them.
  const log = createStatementLog("agent_runs");
  const sample = await withBenchStack({ workers: 0, onLine: log.onLine }, (bench) =>
    measureIdle(bench, {
      log,
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
      "Memory is the growth of the API's resident set from before the streams were opened to the end of the watch, over their number. The bare response is the same of a Node server that only holds it open.",
      "Row reads are statements on agent_runs, as Postgres logs them. One may read 100 rows.",
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
      "bare response KB",
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
        digits(sample.kbAResponse, 1),
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

interface IdleRun {
  readonly log: StatementLog;
  readonly count: number;
  readonly seconds: number;
  readonly say: (line: string) => void;
}

async function measureIdle(
  bench: BenchStack,
  { log, count, seconds, say }: IdleRun,
): Promise<IdleSample> {
  const [api = 0] = bench.pidsOf("api");
  say(`making ${count} runs`);
  const ids = await createRuns(bench, { count, prompt: "Tell us about coffee." });
  const urls = ids.map((id) => `${bench.apiUrl}/v1/runs/${id}/events`);
  const rssBefore = readRssBytes(api);
  say("opening the streams");
  const token = bench.users.tokens[0] ?? "";
  const { errors } = await bench.load.ask("openIdle", { urls, token });
  await logStatements(bench);
  say(`watching them for ${seconds} s`);
  const readCpu = watchCpu({ api: [api] });
  const activity = await sampleActivity(bench, log);
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
    kbAResponse: await measureResponses(bench),
  };
}

/** Enough for a figure, and few enough for the file descriptors of the load generator. */
const RESPONSES = 2000;
/** Nobody waits for what it writes. */
const WRITES_A_SECOND = 0.05;

/** What Node itself needs for an open response, in KB. */
async function measureResponses({ load, users }: BenchStack): Promise<number> {
  const file = new URL("../baselines/sse-writer.ts", import.meta.url);
  const writer = await startProgram({ name: "sse-writer", file });
  try {
    const urls = Array.from({ length: RESPONSES }, () => `${writer.url}/${WRITES_A_SECOND}`);
    const before = readRssBytes(writer.pid);
    await load.ask("openIdle", { urls, token: users.tokens[0] ?? "" });
    return (readRssBytes(writer.pid) - before) / 1024 / RESPONSES;
  } finally {
    await writer.stop();
  }
}

async function sampleActivity(bench: BenchStack, log: StatementLog) {
  const read = async () => ({ reads: await log.count(), at: performance.now() });
  const first = await read();
  const transactions = await readTransactions(bench);
  const readings: ReturnType<typeof read>[] = [];
  const timer = setInterval(() => readings.push(read()), SAMPLE_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      const all = [first, ...(await Promise.all(readings))];
      const rates = all.slice(1).map(({ reads, at }, index) => {
        const before = all[index] ?? first;
        return ((reads - before.reads) * 1000) / (at - before.at);
      });
      const last = await read();
      const seconds = (last.at - first.at) / 1000;
      return {
        readsASecond: (last.reads - first.reads) / seconds,
        busiestReadsASecond: Math.max(...rates),
        transactionsASecond: ((await readTransactions(bench)) - transactions) / seconds,
      };
    },
  };
}
