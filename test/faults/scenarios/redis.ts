/** A Redis that dies, hangs, loses its data, refuses writes or loses its connections. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { createRunQueue } from "@cmo/shared/queue";
import { createLog, systemClock } from "@cmo/shared/runtime";
import type { Redis } from "ioredis";
import { eventually } from "../../support/eventually.ts";
import { type EventSeen, seen } from "../history.ts";
import { startRedisReplica } from "../redis-replica.ts";
import type { Scenario, Stage } from "../scenario.ts";
import {
  again,
  expect,
  freezeServer,
  killServer,
  noteReadiness,
  startRuns,
  untilEnded,
  untilSeen,
  withRedis,
} from "../steps.ts";

/** Repeats one disturbing command while four runs are followed. */
function disturb(command: readonly [string, ...string[]], ms: number, everyMs: number) {
  return async ({ arena, client }: Stage): Promise<void> => {
    const runs = await startRuns(client, 4);
    for (const run of runs) await untilSeen(run, 5);
    await arena.fault(command.join(" "), () =>
      withRedis(arena, (redis) =>
        again(ms, everyMs, async () => {
          const [name, ...args] = command;
          await redis.call(name, ...args).catch(() => undefined);
        }),
      ),
    );
  };
}

function isSnapshot({ type }: EventSeen): boolean {
  return type === "snapshot";
}

/** How long readiness may be wrong. */
const READY_WITHIN_MS = 10_000;
const HANG_MS = READY_WITHIN_MS + 3_000;

export const REDIS_FAULTS: readonly Scenario[] = [
  {
    id: "F15",
    title: "Redis is killed and restarted three times during a run",
    guarantees: ["G1", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G13"],
    async play({ arena, client, random }) {
      const runs = await startRuns(client, 4);
      for (let round = 1; round <= 3; round += 1) {
        for (const run of runs) await untilSeen(run, round * random.int(20, 60));
        await killServer(arena, "redis", "SIGKILL");
      }
    },
  },
  {
    id: "F16",
    title: "Redis comes back empty while some runs stream and others are queued",
    guarantees: ["G1", "G6", "G8", "G13"],
    arena: { environment: { WORKER_CONCURRENCY: "2" } },
    async play({ arena, client }) {
      const runs = await startRuns(client, 8);
      await eventually(() => runs.some(({ reader }) => reader.count > 5), Boolean);
      await arena.fault("FLUSHALL", () => withRedis(arena, (redis) => redis.flushall()));
      for (const { runId } of runs) {
        const row = await untilEnded(arena, runId);
        expect(row.status === "completed" && row.attempt === 1, "no run needs a second attempt");
      }
    },
  },
  {
    id: "F18",
    title: "Redis hangs for longer than a lease",
    guarantees: ["G3", "G11", "G13", "G22"],
    async play({ arena, client }) {
      const runs = await startRuns(client, 4);
      for (const run of runs) await untilSeen(run, 20);
      const hang = freezeServer(arena, "redis", HANG_MS);
      const askedAt = performance.now();
      const submitted = await client.submit();
      const tookMs = Math.round(performance.now() - askedAt);
      expect(submitted.status === 202, `a submit is accepted, not answered ${submitted.status}`);
      expect(tookMs < 3_000, `a submit is answered within 3 s, not after ${tookMs} ms`);
      await noteReadiness(arena, false, READY_WITHIN_MS);
      await hang;
      for (const { runId } of runs) {
        expect((await untilEnded(arena, runId)).attempt === 1, "no worker is lost");
      }
      await noteReadiness(arena, true, READY_WITHIN_MS);
    },
  },
  {
    id: "F19",
    title: "the connections of subscribers are killed as soon as they are open",
    guarantees: ["G8", "G13"],
    // Long answers, so that text often arrives while a reader subscribes again.
    arena: { piecesPerSecond: 60 },
    async play({ arena, client, random }) {
      const runs = await startRuns(client, 8);
      for (const run of runs) await untilSeen(run, 5);
      await arena.fault("CLIENT KILL TYPE pubsub", () =>
        withRedis(arena, (redis) =>
          again(6_000, 50, async () => {
            await redis.call("CLIENT", "KILL", "TYPE", "pubsub");
            await delay(random.int(50, 250));
          }),
        ),
      );
    },
  },
  {
    id: "F20",
    title: "all connections of Redis are killed every second",
    guarantees: ["G1", "G8", "G13"],
    play: disturb(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"], 5_000, 1_000),
  },
  {
    id: "F21",
    title: "Redis accepts no writes for three seconds",
    guarantees: ["G8", "G9", "G13"],
    play: disturb(["CLIENT", "PAUSE", "3000", "WRITE"], 3_000, 3_500),
  },
  {
    id: "F22",
    title: "a replica that missed the last writes replaces Redis",
    guarantees: ["G1", "G6", "G13"],
    arena: { environment: { WORKER_CONCURRENCY: "2" } },
    async play({ arena, client }) {
      const replica = await startRedisReplica(arena.redisUrl);
      arena.onClose(replica.stop);
      // Some jobs are waiting; the last ones are lost with the old Redis.
      const runs = await startRuns(client, 5);
      for (const run of runs.slice(0, 1)) await untilSeen(run, 40);
      await replica.stopFollowing();
      runs.push(...(await startRuns(client, 3)));
      await delay(1_000);
      await arena.fault("the replica is promoted", async () => {
        await replica.promote();
        arena.moveRedis(replica.url);
      });
      for (const { runId } of runs) await untilEnded(arena, runId);
    },
  },
  {
    id: "F23",
    title: "Redis has no memory left",
    guarantees: ["G1", "G9", "G13", "G18"],
    async play({ arena, client }) {
      const runs = await startRuns(client, 4);
      for (const run of runs) await untilSeen(run, 20);
      await withRedis(arena, async (redis) => {
        await arena.fault("maxmemory is reached", async () => {
          await redis.config("SET", "maxmemory", "1mb");
          for (const { runId, reader } of runs) {
            const { status } = await untilEnded(arena, runId);
            expect(status === "completed", `runs complete without their logs, not ${status}`);
            expect((await reader.done) === "ending", "readers get the end from the row");
          }
        });
        const snapshots = seen(arena.recorder.history, "event").filter(isSnapshot);
        const given = new Set(snapshots.map(({ reader }) => reader)).size;
        expect(given === runs.length, `every reader gets the text of the row, not ${given}`);
        await redis.config("SET", "maxmemory", "0");
      });
      const [next] = await startRuns(client, 1);
      if (next) await untilEnded(arena, next.runId);
    },
  },
  {
    id: "F24",
    title: "Redis becomes a replica of an absent server for a while, and refuses writes",
    guarantees: ["G1", "G13"],
    async play({ arena, client }) {
      const runs = await startRuns(client, 4);
      for (const run of runs) await untilSeen(run, 20);
      await withRedis(arena, (redis) =>
        arena.fault("REPLICAOF", async () => {
          await redis.replicaof("127.0.0.1", 1);
          await delay(3_000);
          await redis.replicaof("NO", "ONE");
        }),
      );
    },
  },
  {
    id: "F73",
    title: "Redis has a job for a run that the database does not know",
    guarantees: ["G1"],
    async play({ arena, client }) {
      const log = createLog({ level: "silent", app: "faults" });
      const queue = createRunQueue({
        url: arena.redisUrl,
        prefix: "bull",
        log,
        clock: systemClock,
      });
      try {
        await eventually(queue.isReady, Boolean);
        await queue.add({ runId: randomUUID(), attempt: 0 });
      } finally {
        await queue.close();
      }
      const [run] = await startRuns(client, 1);
      if (run) await untilEnded(arena, run.runId);
      // The job is done a moment after its run.
      const listJobs = (redis: Redis) => redis.keys("bull:runs:*-*-*-*-*");
      await withRedis(arena, (redis) =>
        eventually(
          () => listJobs(redis),
          (jobs) => jobs.length === 0,
        ),
      );
    },
  },
  {
    id: "F28",
    title: "the network between Redis and a worker, then the API, is silent for a while",
    guarantees: ["G3", "G8", "G13", "G22"],
    async play({ arena, client }) {
      for (const one of [arena.workers[0], arena.apis[0]]) {
        const runs = await startRuns(client, 4);
        for (const run of runs) await untilSeen(run, 20);
        await arena.fault(`${one?.name} is cut off from Redis`, async () => {
          one?.redis.traffic("stall");
          await delay(4_000);
          // Only an API reports its readiness.
          if (one === arena.apis[0]) await noteReadiness(arena, false, READY_WITHIN_MS);
          one?.redis.traffic("pass");
        });
        await noteReadiness(arena, true, READY_WITHIN_MS);
        for (const { reader } of runs) await reader.done;
      }
    },
  },
  {
    id: "F29",
    title: "connections to Redis stay open and become silent",
    guarantees: ["G8", "G13", "G22"],
    async play({ arena, client }) {
      for (const one of [arena.workers[0], arena.apis[0]]) {
        const runs = await startRuns(client, 4);
        for (const run of runs) await untilSeen(run, 20);
        await arena.fault(`${one?.name} has half-open connections to Redis`, () =>
          one?.redis.halfOpen(),
        );
        await delay(500);
        // A reader that reconnects now has a cursor in a log that may have no writer.
        for (const { reader } of runs) reader.disconnect();
        await noteReadiness(arena, true, READY_WITHIN_MS);
        for (const { reader } of runs) await reader.done;
      }
      // Redis cannot know that the old connections, and their subscriptions, are dead.
      for (const one of [arena.workers[0], arena.apis[0]]) one?.redis.reset();
    },
  },
];
