/** All of it at once: a random schedule of faults over a steady load. */
import { setTimeout as delay } from "node:timers/promises";
import type { AppProcess } from "../app-process.ts";
import type { Arena } from "../arena.ts";
import type { Random } from "../random.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { freezeServer, kill, killServer, startRun, withRedis } from "../steps.ts";

const LASTS_MS = 120_000;
const PAUSE_MS = { least: 1_500, most: 5_000 };
const STANDSTILL_MS = 3_500;

type Trouble = (arena: Arena, random: Random) => Promise<void>;

const TROUBLES: readonly Trouble[] = [
  (arena, random) => killAndRestart(arena, random.pick(arena.workers)),
  (arena, random) => killAndRestart(arena, random.pick(arena.apis)),
  (arena) => killServer(arena, "redis", "SIGKILL"),
  (arena) => killServer(arena, "postgres", "SIGQUIT"),
  (arena) => freezeServer(arena, "redis", STANDSTILL_MS),
  (arena, random) => standStill(arena, random.pick(arena.workers)),
  (arena) => arena.fault("FLUSHALL", () => withRedis(arena, flush)),
  (arena, random) =>
    arena.fault("half-open connections", () => random.pick(arena.workers).redis.halfOpen()),
  (arena, random) =>
    arena.fault("the gateway is cut off", () => random.pick(arena.workers).gateway.reset()),
  (arena, random) =>
    arena.fault("the database is cut off", () => random.pick(arena.workers).supabase.reset()),
];

async function flush(redis: { flushall(): Promise<unknown> }): Promise<void> {
  // Redis may just be on its way back.
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

/** Two new runs every few seconds; one in five is cancelled. A submit may be refused meanwhile. */
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

export const NEMESIS: readonly Scenario[] = [
  {
    id: "F70",
    title: "a random mix of all of these, for two minutes",
    invariants: ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I11", "I14"],
    arena: { apis: 2, workers: 3 },
    // A cancel may have to wait for Postgres or for a worker that stands still.
    bounds: { endWithinMs: 120_000, cancelWithinMs: 15_000, attempts: 6, logsClosed: false },
    async play(stage) {
      const { arena, random } = stage;
      const until = performance.now() + LASTS_MS;
      const loading = load(stage, until);
      while (performance.now() < until) {
        await delay(random.int(PAUSE_MS.least, PAUSE_MS.most));
        await random.pick(TROUBLES)(arena, random);
      }
      await loading;
    },
  },
];
