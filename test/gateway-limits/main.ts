/** `npm run test:gateway-limits`: a gateway that refuses everything for a while, under a steady load. */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startStack, WITHOUT_LIMITS } from "@cmo/dev";
import { observeDatabase } from "../faults/observed-database.ts";
import { type Limiter, startLimiter } from "./limiter.ts";
import { type Load, openLoad } from "./load.ts";
import { type Measured, measure, RECOVERED_WITHIN_MS, SHARE } from "./measure.ts";

const HELP = `Starts the API, two workers and a gateway, keeps twice as many runs unfinished as there are
slots, and lets the gateway answer every request with 429 for a while. Prints the probes a second, the runs
lost, the attempts burnt, and the throughput before and after. Fails unless there is at most one probe a
second, nothing is lost or burnt, and 90 % of the throughput is back within ten seconds.

  npm run test:gateway-limits -- [--seconds 30] [--slots 12] [--retry-after VALUE]

  --seconds      how long the gateway refuses
  --slots        of both workers together
  --retry-after  the header that the gateway sends; none by default
`;

const WORKERS = 2;
const WARM_UP_MS = 6000;
const BEFORE_MS = 10_000;
const SECOND = 1000;
/** One run takes about three seconds. */
const PACE = { DEMO_PIECE_CHARS: "300", DEMO_PIECES_PER_SECOND: "10" };

interface Options {
  readonly seconds: number;
  readonly slots: number;
  readonly retryAfter: string | null;
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      seconds: { type: "string", default: "30" },
      slots: { type: "string", default: "12" },
      "retry-after": { type: "string" },
    },
  });
  if (values.help) return null;
  const retryAfter = values["retry-after"] ?? null;
  return { seconds: Number(values.seconds), slots: Number(values.slots), retryAfter };
}

interface Played {
  readonly measured: Measured;
  readonly load: Awaited<ReturnType<Load["finish"]>>;
  readonly waited: string | null;
  readonly readiness: string;
}

async function play({ seconds, slots, retryAfter }: Options, limiter: Limiter): Promise<Played> {
  const stack = await startStack({
    ports: "free",
    // Empty on purpose: a key in a developer's shell must not send runs to a real gateway.
    environment: {},
    apps: { api: 1, workers: WORKERS },
    appEnvironment: {
      ...PACE,
      AI_GATEWAY_URL: limiter.url,
      WORKER_CONCURRENCY: String(Math.ceil(slots / WORKERS)),
    },
    tenantLimits: WITHOUT_LIMITS,
    seed: false,
    onLine: () => {},
  });
  const { databaseUrl, jwtSecret, gatewayUrl, apiUrls } = stack;
  const [apiUrl] = apiUrls;
  if (!databaseUrl || !jwtSecret || !gatewayUrl || !apiUrl)
    throw new Error("The stack is partial.");
  limiter.aim(gatewayUrl);
  const database = await observeDatabase(databaseUrl, jwtSecret);
  try {
    const load = await openLoad({ database, apiUrl, unfinished: 2 * slots });
    await delay(WARM_UP_MS);
    const warmMs = Date.now();
    await delay(BEFORE_MS);
    const closedMs = Date.now();
    limiter.close429(retryAfter);
    const waited = await load.readWaiting(seconds * SECOND);
    const readiness = await (await fetch(`${apiUrl}/readyz`)).text();
    await delay(Math.max(0, closedMs + seconds * SECOND - Date.now()));
    limiter.open();
    const openedMs = Date.now();
    await delay(2 * RECOVERED_WITHIN_MS);
    const ended = await load.finish();
    const refusedMs = limiter.refused.map(({ atMs }) => atMs);
    const { completedMs } = ended;
    const measured = measure({ warmMs, closedMs, openedMs, refusedMs, completedMs });
    return { measured, load: ended, waited, readiness };
  } finally {
    await database.close();
    await stack.stop();
  }
}

function print({ measured, load, waited, readiness }: Played): boolean {
  const { firstRefusals, probes, probesInASecond, refusedAfter, before, after } = measured;
  const { recoveredAfterMs } = measured;
  const recovered =
    recoveredAfterMs === null ? "never" : `after ${(recoveredAfterMs / SECOND).toFixed(1)} s`;
  console.log(`Refused at first:    ${firstRefusals}`);
  console.log(`Probes:              ${probes}, at most ${probesInASecond} in a second`);
  console.log(`Refused after (s):   ${refusedAfter.map((s) => s.toFixed(1)).join(" ")}`);
  console.log(`Runs:                ${load.submitted}, lost ${load.lost}`);
  console.log(`Attempts burnt:      ${load.burnt}`);
  console.log(`Throughput before:   ${before.toFixed(2)} runs a second`);
  console.log(`Throughput after:    ${after.toFixed(2)} (${share(after, before)} of before)`);
  console.log(`${SHARE * 100} % of it again:    ${recovered}`);
  console.log(`A reader was told:   ${waited ?? "nothing"}`);
  console.log(`/readyz meanwhile:   ${readiness}`);
  const isQuick = recoveredAfterMs !== null && recoveredAfterMs <= RECOVERED_WITHIN_MS;
  const isWhole = load.lost === 0 && load.burnt === 0 && probesInASecond <= 1;
  return isWhole && isQuick && after >= SHARE * before && waited !== null;
}

const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(0)} %`;

const options = readOptions();
if (options === null) {
  console.log(HELP);
} else {
  const limiter = await startLimiter();
  try {
    const { seconds, slots, retryAfter } = options;
    const header = retryAfter === null ? "no Retry-After" : `Retry-After: ${retryAfter}`;
    console.log(`${WORKERS} workers, ${slots} slots, 429 for ${seconds} s with ${header}`);
    process.exitCode = print(await play(options, limiter)) ? 0 : 1;
  } finally {
    await limiter.stop();
  }
}
