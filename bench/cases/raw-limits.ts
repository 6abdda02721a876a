/** What the parts do alone: the limits that no system on them gets past. */
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { watchCpu } from "../measure/cpu-watch.ts";
import { toSpread } from "../measure/numbers.ts";
import { startProgram } from "../programs/start-program.ts";
import type { BenchStack } from "../systems/bench-stack.ts";
import { newEntries, withRunLog } from "../systems/finished-run.ts";
import type { Case, CaseRun, Findings } from "./case.ts";
import { spread } from "./render.ts";
import { withBenchStack } from "./with-bench-stack.ts";

export const RAW: Case = {
  name: "raw",
  summary: "the limits of the parts: BullMQ, the append script, an RPC, SSE writes",
  options: {
    rounds: { default: "3", help: "rounds" },
    seconds: { default: "0.7", help: "how long each measurement lasts" },
    concurrency: { default: "32", help: "operations at a time" },
    readers: { default: "500", help: "readers of the SSE writer" },
  },
  run: runRaw,
};

interface RawSample {
  readonly part: string;
  readonly perSecond: number;
  /** Microseconds of CPU an operation: of who asks, and of who serves. */
  readonly clientMicros: number;
  readonly serverMicros: number;
}

interface Attempt {
  readonly bench: BenchStack;
  readonly forMs: number;
  readonly concurrency: number;
  readonly readers: number;
}

type Sample = Omit<RawSample, "part">;

async function runRaw({ options, say }: CaseRun): Promise<Findings> {
  const samples = await withBenchStack({ workers: 0 }, async (bench) => {
    const attempt = {
      bench,
      forMs: options.number("seconds") * 1000,
      concurrency: options.number("concurrency"),
      readers: options.number("readers"),
    };
    const all: RawSample[] = [];
    for (let round = 0; round <= options.number("rounds"); round += 1) {
      say(`round ${round}`);
      for (const [part, measure] of Object.entries(PARTS)) {
        const sample = await measure(attempt);
        if (round > 0) all.push({ part, ...sample });
      }
    }
    return all;
  });
  return {
    tables: [
      {
        title: "Raw limits: median (min–max) of the rounds",
        columns: ["part", "a second", "client µs", "server µs"],
        rows: Object.keys(PARTS).map((part) => {
          const of = samples.filter((one) => one.part === part);
          return [
            part,
            spread(toSpread(of.map(({ perSecond }) => perSecond))),
            spread(toSpread(of.map(({ clientMicros }) => clientMicros))),
            spread(toSpread(of.map(({ serverMicros }) => serverMicros))),
          ];
        }),
      },
    ],
    charts: [],
    goals: [],
    notes: [
      "The server is Redis, or Postgres and the stand-in, or Node for the SSE writes; the client is the process that asks.",
    ],
    raw: { samples },
  };
}

const PARTS: Readonly<Record<string, (attempt: Attempt) => Promise<Sample>>> = {
  "BullMQ add": measureAdd,
  "BullMQ process": measureProcess,
  "append script, one event": measureAppend,
  "RPC through the stand-in": measureRpc,
  "SSE write": measureWrites,
};

/** Repeats an operation so many at a time, and reads the CPU of both sides. */
async function repeat(
  { bench, forMs, concurrency }: Attempt,
  operation: (turn: number) => Promise<unknown>,
): Promise<Sample> {
  const readCpu = watchCpu({ client: [process.pid], server: bench.pidsOf("redis") });
  const startedAt = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() - startedAt < forMs) {
        done += 1;
        await operation(done);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  return toSample(readCpu().byGroup, { operations: done, seconds });
}

function toSample(
  cpuMs: Readonly<Record<string, number>>,
  { operations, seconds }: { readonly operations: number; readonly seconds: number },
): Sample {
  return {
    perSecond: operations / seconds,
    clientMicros: ((cpuMs["client"] ?? 0) * 1000) / operations,
    serverMicros: ((cpuMs["server"] ?? 0) * 1000) / operations,
  };
}

const JOB = { removeOnComplete: true, removeOnFail: true };

async function measureAdd(attempt: Attempt): Promise<Sample> {
  const redis = new Redis(attempt.bench.stack.redisUrl);
  const queue = new Queue("raw-add", { connection: redis });
  await queue.waitUntilReady();
  const sample = await repeat(attempt, (turn) => queue.add("run", { turn }, JOB));
  await queue.obliterate({ force: true });
  await queue.close();
  redis.disconnect();
  return sample;
}

/** The jobs are there before the first is taken. */
async function measureProcess({ bench, forMs, concurrency }: Attempt): Promise<Sample> {
  const producer = new Redis(bench.stack.redisUrl);
  const consumer = new Redis(bench.stack.redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue("raw-process", { connection: producer });
  const jobs = Math.ceil(forMs * 4);
  const one = { name: "run", data: {}, opts: JOB };
  await queue.addBulk(Array.from({ length: jobs }, () => one));
  const readCpu = watchCpu({ client: [process.pid], server: bench.pidsOf("redis") });
  const startedAt = performance.now();
  let done = 0;
  const all = Promise.withResolvers<void>();
  const worker = new Worker(
    "raw-process",
    async () => {
      done += 1;
      if (done === jobs) all.resolve();
    },
    { connection: consumer, concurrency },
  );
  await all.promise;
  const seconds = (performance.now() - startedAt) / 1000;
  const sample = toSample(readCpu().byGroup, { operations: jobs, seconds });
  await worker.close();
  await queue.close();
  producer.disconnect();
  consumer.disconnect();
  return sample;
}

function measureAppend(attempt: Attempt): Promise<Sample> {
  const [opening, delta] = newEntries(1);
  if (!opening || !delta) throw new Error("There are no entries to append.");
  return withRunLog(attempt.bench, async (runLog) => {
    const next = new Map<string, number>();
    const runs = Array.from({ length: attempt.concurrency }, () => crypto.randomUUID());
    return repeat(attempt, async (turn) => {
      const runId = runs[turn % runs.length] ?? "";
      const seq = next.get(runId) ?? 0;
      next.set(runId, seq + 1);
      await runLog.append({ runId, attempt: 1 }, seq, [seq === 0 ? opening : delta]);
    });
  });
}

async function measureRpc({ bench, forMs, concurrency }: Attempt): Promise<Sample> {
  const readCpu = watchCpu({
    client: [bench.load.pid],
    server: [...bench.pidsOf("postgres"), ...bench.pidsOf("supabase")],
  });
  const startedAt = performance.now();
  const report = await bench.load.ask("loop", {
    method: "POST",
    urls: [`${bench.stack.supabaseUrl}/rest/v1/rpc/count_workers`],
    headers: { apikey: bench.stack.publishableKey },
    tokens: bench.users.tokens.slice(0, 1),
    body: "{}",
    concurrency,
    forMs,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  return toSample(readCpu().byGroup, { operations: report.perSecond * seconds, seconds });
}

const WRITES_A_SECOND = 20;
const OPEN_A_SECOND = 500;
const TEXT_WITHIN_MS = 10_000;

async function measureWrites({ bench, forMs, readers }: Attempt): Promise<Sample> {
  const file = new URL("../baselines/sse-writer.ts", import.meta.url);
  const writer = await startProgram({ name: "sse-writer", file });
  try {
    const url = `${writer.url}/${WRITES_A_SECOND}`;
    await bench.load.ask("open", {
      target: { dialect: "get", url, tokens: [], body: "" },
      count: readers,
      perSecond: OPEN_A_SECOND,
      textWithinMs: TEXT_WITHIN_MS,
    });
    const readCpu = watchCpu({ client: [bench.load.pid], server: [writer.pid] });
    const { chunks, wallMs } = await bench.load.ask("measure", { ms: forMs });
    const { byGroup } = readCpu();
    await bench.load.ask("close", { withinMs: 1 });
    return toSample(byGroup, { operations: chunks, seconds: wallMs / 1000 });
  } finally {
    await writer.stop();
  }
}
