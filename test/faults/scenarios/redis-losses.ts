/** A Redis that loses its last writes, its scripts or its subscribers, or holds jobs that are dead. */
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { eventually } from "../../support/eventually.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { again, expect, startRuns, untilEnded, untilSeen, withRedis } from "../steps.ts";
import { countSubscriptions } from "../subscriptions.ts";

/** What a machine may lose that dies between two syncs: about a second of writes. */
const LOST_SHARE = 0.3;

/** Cuts the end off the file to which Redis appends. Redis must not be running. */
function cutTail(folder: string): number {
  const files = readdirSync(join(folder, "appendonlydir"))
    .filter((name) => name.endsWith(".incr.aof"))
    .toSorted();
  const file = join(folder, "appendonlydir", files.at(-1) ?? "");
  const { size } = statSync(file);
  const kept = Math.floor(size * (1 - LOST_SHARE));
  truncateSync(file, kept);
  return size - kept;
}

async function loseTail({ arena, client, report }: Stage): Promise<void> {
  const runs = await startRuns(client, 4);
  for (const run of runs) await untilSeen(run, 40);
  const folder = await withRedis(arena, async (redis) =>
    String((await redis.config("GET", "dir"))[1]),
  );
  await arena.fault("the tail of the append-only file is lost", async () => {
    await arena.stack.stopProcess("redis");
    report(`${cutTail(folder)} bytes were lost`);
    await arena.stack.startProcess("redis");
  });
  for (const { runId } of runs) {
    const { status, attempt } = await untilEnded(arena, runId);
    expect(status === "completed" && attempt === 1, `runs continue, not ${status} in ${attempt}`);
  }
}

async function flushScripts({ arena, client, report }: Stage): Promise<void> {
  const runs = await startRuns(client, 8);
  let flushes = 0;
  await arena.fault("SCRIPT FLUSH", () =>
    withRedis(arena, (redis) =>
      again(5_000, 10, async () => {
        await redis.script("FLUSH");
        flushes += 1;
      }),
    ),
  );
  report(`the scripts were removed ${flushes} times`);
  for (const { runId } of runs) {
    const { status, attempt } = await untilEnded(arena, runId);
    expect(status === "completed" && attempt === 1, `runs complete, not ${status} in ${attempt}`);
  }
}

/** Redis disconnects a subscriber that does not take what is published. */
async function overrunSubscriber({ arena, client }: Stage): Promise<void> {
  const [api] = arena.apis;
  await withRedis(arena, async (redis) => {
    await redis.config("SET", "client-output-buffer-limit", "pubsub 64kb 32kb 1");
    const runs = await startRuns(client, FLOODS, { fault: "huge-escaped" });
    // Most runs are still waiting, and their readers are subscribed already.
    await eventually(
      () => countSubscriptions(arena),
      (count) => count >= FLOODS - arena.workers.length,
    );
    await arena.fault("a subscriber takes nothing", async () => {
      const before = await subscribersOf(redis);
      api?.redis.traffic("stall");
      try {
        await eventually(
          () => subscribersOf(redis),
          (now) => before.some((id) => !now.includes(id)),
          30_000,
        );
      } finally {
        api?.redis.traffic("pass");
      }
    });
    for (const { reader } of runs) expect((await reader.done) === "ending", "readers get the end");
    const [next] = await startRuns(client, 1);
    if (next) expect((await untilEnded(arena, next.runId)).status === "completed", "work goes on");
  });
}

/** Together more than the buffers of the kernels hold. */
const FLOODS = 8;

async function subscribersOf(redis: Redis): Promise<string[]> {
  const list = String(await redis.call("CLIENT", "LIST", "TYPE", "pubsub"));
  return [...list.matchAll(/^id=(\d+)/gm)].map(([, id = ""]) => id);
}

/** As BullMQ stores jobs. A job that exists is not added again, whatever became of it. */
const CORPSES: Readonly<Record<string, (redis: Redis, id: string) => Promise<unknown>>> = {
  failed: (redis, id) => redis.zadd("bull:runs:failed", Date.now(), id),
  completed: (redis, id) => redis.zadd("bull:runs:completed", Date.now(), id),
  delayed: (redis, id) => redis.zadd("bull:runs:delayed", (Date.now() + HOUR_MS) * 4096, id),
  "in no list": () => Promise.resolve(),
};
const HOUR_MS = 3_600_000;

async function leaveCorpses({ arena, client }: Stage): Promise<void> {
  const [api] = arena.apis;
  // Without its job, so that the corpse is there first.
  api?.redis.traffic("refuse");
  api?.redis.reset();
  const runs = await startRuns(client, Object.keys(CORPSES).length);
  await withRedis(arena, async (redis) => {
    for (const [index, [state, leave]] of Object.entries(CORPSES).entries()) {
      const id = `${runs[index]?.runId}-0`;
      const delay = state === "delayed" ? HOUR_MS : 0;
      const job = { name: "run", data: "{}", opts: "{}", timestamp: Date.now(), priority: 0 };
      await redis.hset(`bull:runs:${id}`, { ...job, delay });
      await leave(redis, id);
    }
  });
  api?.redis.traffic("pass");
  await delay(1_000);
  for (const [index, state] of Object.keys(CORPSES).entries()) {
    const { status, attempt } = await untilEnded(arena, runs[index]?.runId ?? "");
    expect(
      status === "completed" && attempt === 1,
      `a ${state} job does not block its run, which is ${status} in ${attempt}`,
    );
  }
}

export const REDIS_LOSS_FAULTS: readonly Scenario[] = [
  {
    id: "F17",
    title: "Redis loses the last writes of its append-only file",
    guarantees: ["G1", "G6", "G8", "G13"],
    play: loseTail,
  },
  {
    id: "F25",
    title: "Redis forgets its scripts, a hundred times a second",
    guarantees: ["G1", "G6", "G13"],
    play: flushScripts,
  },
  {
    id: "F27",
    title: "Redis disconnects a subscriber that is too slow",
    guarantees: ["G8", "G13"],
    arena: { environment: { WORKER_CONCURRENCY: "1" } },
    bounds: { endWithinMs: 90_000 },
    // Six of the eight runs wait for one of two workers, and their readers hear nothing until then.
    recoverWithinMs: 40_000,
    play: overrunSubscriber,
  },
  {
    id: "F72",
    title: "Redis holds dead jobs with the ids of new runs",
    guarantees: ["G1", "G13", "G19"],
    arena: { runPolicy: { first_enqueue_after: "1 second" } },
    play: leaveCorpses,
  },
];
