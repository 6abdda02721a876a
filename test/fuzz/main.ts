/** `npm run test:fuzz`: sends unusual requests to the API and checks every response. */
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { createDeps } from "@cmo/api/deps";
import { apiEnvSchema } from "@cmo/api/env";
import { type Stack, startStack, WITHOUT_LIMITS } from "@cmo/dev";
import { newRunId, parseEnv } from "@cmo/shared/runtime";
import { observeDatabase } from "../faults/observed-database.ts";
import { eventually } from "../support/eventually.ts";
import { FUZZ_ENVIRONMENT, type FuzzReport, runFuzz } from "./run-fuzz.ts";

const USAGE = `Sends requests made from the API's own schemas, mutated at random, to a real stack.

  npm run test:fuzz -- [options]

  --cases N   number of requests (20000)
  --seed N    repeats the requests of an earlier run (random)

Exit code 1 when a response is a 5xx, is not a problem of the table, takes too long, or memory grows.
`;

interface Options {
  readonly cases: number;
  readonly seed: number;
}

/** How much the heap may grow from the warm start to the end. */
const GROWTH_BYTES = 24 * 1024 * 1024;
const PROGRESS_EVERY = 1000;

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      cases: { type: "string", default: "20000" },
      seed: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return null;
  }
  return {
    cases: Number(values.cases),
    seed: Number(values.seed ?? Math.floor(Math.random() * 1e6)),
  };
}

async function fuzz(stack: Stack, { cases, seed }: Options): Promise<FuzzReport> {
  const { databaseUrl, jwtSecret } = stack;
  if (databaseUrl === null || jwtSecret === null)
    throw new Error("It needs a database of its own.");
  const env = parseEnv(apiEnvSchema, {
    ...stack.environment,
    ...FUZZ_ENVIRONMENT,
    QUEUE_PREFIX: `fuzz-${randomUUID()}`,
  });
  const database = await observeDatabase(databaseUrl, jwtSecret);
  const deps = createDeps(env);
  try {
    await eventually(() => deps.queue.isReady() && deps.runLog.isReady(), Boolean);
    await eventually(() => deps.hub.isReady(), Boolean);
    const tenants = [await database.createTenant(), await database.createTenant()];
    const runIds = await Promise.all(
      tenants.map(async ({ token }) => {
        const wanted = { id: newRunId(), mode: "strategy", input: {}, save: false } as const;
        const { run } = await deps.runsOf(token).create({ ...wanted, onRateLimit: "wait" });
        return run.id;
      }),
    );
    const world = {
      tokens: tenants.map(({ token }) => token),
      workspaceIds: tenants.map(({ workspaceId }) => workspaceId),
      tenantIds: tenants.map(({ tenantId }) => tenantId),
      runIds,
    };
    const onCase = (done: number) => {
      if (done % PROGRESS_EVERY === 0) console.log(`${done} of ${cases} requests answered.`);
    };
    return await runFuzz({ deps, world, cases, seed, onCase });
  } finally {
    await deps.close();
    await database.close();
  }
}

function print({ cases, statuses, heap, latencyMs, fault }: FuzzReport): boolean {
  const megabytes = heap.map((bytes) => (bytes / 2 ** 20).toFixed(1));
  const counts = Object.entries(statuses).map(([status, count]) => `${status} × ${count}`);
  const { p50, p99, max } = latencyMs;
  console.log(`Requests:  ${cases}`);
  console.log(`Statuses:  ${counts.join(", ")}`);
  console.log(`Heap:      ${megabytes.join(", ")} MiB (start, middle, end)`);
  console.log(
    `Latency:   ${p50.toFixed(1)} ms median, ${p99.toFixed(0)} ms p99, ${max.toFixed(0)} ms most`,
  );
  const [first = 0] = heap;
  const isFlat = (heap.at(-1) ?? 0) - first <= GROWTH_BYTES;
  if (!isFlat) console.log("Memory has grown.");
  if (fault !== null) console.log(`A bad response: ${fault}`);
  return fault === null && isFlat;
}

const options = readOptions();
if (options) {
  console.log(`Sending ${options.cases} requests with seed ${options.seed}.`);
  const stack = await startStack({
    ports: "free",
    // Empty on purpose: a key in a developer's shell must not be used.
    environment: {},
    apps: { api: 0, workers: 0 },
    tenantLimits: WITHOUT_LIMITS,
    seed: false,
    onLine: () => {},
  });
  try {
    process.exitCode = print(await fuzz(stack, options)) ? 0 : 1;
  } finally {
    await stack.stop();
  }
}
