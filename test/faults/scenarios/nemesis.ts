/** A random schedule of faults over a steady load. */
import { setTimeout as delay } from "node:timers/promises";
import type { AppProcess } from "../app-process.ts";
import type { Arena } from "../arena.ts";
import { type Fault, planFaults } from "../nemesis-schedule.ts";
import type { Scenario, Stage } from "../scenario.ts";
import {
  again,
  freezeServer,
  kill,
  killServer,
  startRun,
  UNAVAILABLE,
  withRedis,
} from "../steps.ts";
import type { TcpProxy } from "../tcp-proxy.ts";

const LASTS_MS = 120_000;
const PAUSE_MS = { least: 1_500, most: 5_000 };
const STANDSTILL_MS = 3_500;
/** Longer than a lease, and than the gateway may be silent. */
const SILENCE_MS = 4_000;
const OVERLOAD_MS = 4_000;
const OVERLOAD_DELAY_MS = 300;
const SUBSCRIBERS_MS = 2_000;
const SEED_MAX = 1_000_000;
/** A run fails after three lost workers, or after three answers that were cut off. */
const MAY_FAIL_WITH = ["worker_lost", "gateway_error", "gateway_timeout", "incomplete_stream"];

interface Victims {
  readonly worker: AppProcess;
  readonly api: AppProcess;
}

const PLAYED: Record<Fault, (arena: Arena, victims: Victims) => Promise<void>> = {
  "kill a worker": (arena, { worker }) => killAndRestart(arena, worker),
  "kill an API": (arena, { api }) => killAndRestart(arena, api),
  "kill Redis": (arena) => killServer(arena, "redis", "SIGKILL"),
  "restart Postgres": (arena) => killServer(arena, "postgres", "SIGQUIT"),
  "freeze Redis": (arena) => freezeServer(arena, "redis", STANDSTILL_MS),
  "stop a worker for a while": (arena, { worker }) => standStill(arena, worker),
  "empty Redis": (arena) => arena.fault("FLUSHALL", () => withRedis(arena, flush)),
  "silence a worker's connections to Redis": (arena, { worker }) =>
    arena.fault("half-open connections", () => worker.redis.halfOpen()),
  "cut a worker off the gateway": (arena, { worker }) =>
    arena.fault("the gateway is cut off", () => worker.gateway.reset()),
  "cut a worker off the database": (arena, { worker }) =>
    arena.fault("the database is cut off", () => worker.supabase.reset()),
  "kill subscribers' connections": (arena) =>
    arena.fault("CLIENT KILL TYPE pubsub", () => withRedis(arena, killSubscribers)),
  "silence the network to Redis for a while": (arena, victims) =>
    arena.fault("the network to Redis is silent", () => silence(redisOf(victims))),
  "overload the database's API": (arena, { worker, api }) =>
    arena.fault("the database's API is overloaded", () => overload([worker, api])),
  "let the gateway fall silent": (arena, { worker }) =>
    arena.fault("the gateway is silent", () => silence([worker.gateway])),
};

function redisOf({ worker, api }: Victims): TcpProxy[] {
  return [worker.redis, api.redis];
}

/** Nothing is closed: bytes that were on their way arrive afterwards. */
async function silence(proxies: readonly TcpProxy[]): Promise<void> {
  for (const proxy of proxies) proxy.traffic("stall");
  await delay(SILENCE_MS);
  for (const proxy of proxies) proxy.traffic("pass");
}

async function killSubscribers(redis: {
  call(...command: [string, ...string[]]): Promise<unknown>;
}): Promise<void> {
  await again(SUBSCRIBERS_MS, 50, async () => {
    // Redis may be restarting.
    await redis.call("CLIENT", "KILL", "TYPE", "pubsub").catch(() => undefined);
  });
}

/** Every third response is a refusal and the others are late, independent of the load. */
async function overload(processes: readonly AppProcess[]): Promise<void> {
  let asked = 0;
  const applies = (): boolean => {
    asked += 1;
    return asked % 3 === 0;
  };
  const stops = processes.map(({ supabase }) => {
    supabase.delay(OVERLOAD_DELAY_MS);
    return supabase.answer({ request: /\/rest\/v1\//, reply: UNAVAILABLE, applies });
  });
  await delay(OVERLOAD_MS);
  for (const stop of stops) stop();
  for (const { supabase } of processes) supabase.delay(0);
}

async function flush(redis: { flushall(): Promise<unknown> }): Promise<void> {
  // Redis may be restarting.
  await redis.flushall().catch(() => undefined);
}

async function killAndRestart(arena: Arena, process: AppProcess): Promise<void> {
  await kill(arena, process);
  await process.start();
}

async function standStill(arena: Arena, process: AppProcess): Promise<void> {
  await arena.fault(`${process.name} stands still`, () => process.signal("SIGSTOP"));
  await delay(STANDSTILL_MS);
  process.signal("SIGCONT");
}

/** Two new runs every few seconds; one in five is cancelled. Submits may be refused. */
async function load({ client, random }: Stage, until: number): Promise<void> {
  while (performance.now() < until) {
    const runs = await Promise.allSettled([startRun(client), startRun(client)]);
    const [first] = runs;
    if (first?.status === "fulfilled" && random.next() < 0.4) {
      await delay(random.int(0, 2_000));
      await client.cancel(first.value.runId);
    }
    await delay(random.int(PAUSE_MS.least, PAUSE_MS.most));
  }
}

async function injectUntil({ arena, report }: Stage, until: number, seed: number): Promise<void> {
  let count = 0;
  const faults = planFaults(seed, PAUSE_MS);
  while (performance.now() < until) {
    const { fault, pauseMs, victim } = faults.next().value;
    await delay(pauseMs);
    const worker = arena.workers[victim % arena.workers.length];
    const api = arena.apis[victim % arena.apis.length];
    if (worker && api) await PLAYED[fault](arena, { worker, api });
    count += 1;
  }
  report(`${count} faults were injected in ${LASTS_MS / 1_000} s`);
}

export const NEMESIS: readonly Scenario[] = [
  {
    id: "F70",
    title: "a random mix of these faults, for two minutes",
    guarantees: ["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10"],
    repeats: 3,
    arena: { apis: 2, workers: 3 },
    // A cancel may have to wait for Postgres or for a stopped worker.
    bounds: {
      ...{ endWithinMs: 120_000, cancelWithinMs: 15_000, attempts: 6, logsClosed: false },
      mayFailWith: MAY_FAIL_WITH,
    },
    // A reader that was cut off while Redis was away looks into the log after 15 s of silence.
    recoverWithinMs: 20_000,
    async play(stage) {
      const until = performance.now() + LASTS_MS;
      // The schedule has its own random numbers, so that the load does not change it.
      const seed = stage.random.int(0, SEED_MAX);
      await Promise.all([load(stage, until), injectUntil(stage, until, seed)]);
    },
  },
];
