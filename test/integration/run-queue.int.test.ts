/** Jobs may be lost, doubled and late; what must not happen is that one blocks, or that a wait has no end. */
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createRunConsumer, createRunQueue } from "@cmo/shared/queue";
import { systemClock } from "@cmo/shared/runtime";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { type OwnRedis, startOwnRedis } from "../support/own-redis.ts";
import { silentLog } from "../support/streams.ts";

const HOLD_JOB = fileURLToPath(new URL("../support/hold-job.ts", import.meta.url));

interface Place {
  readonly url: string;
  readonly prefix: string;
}

const newPlace = (url = inject("stack").redisUrl): Place => ({
  url,
  prefix: `test-${randomUUID()}`,
});

async function openQueue(place: Place) {
  const queue = createRunQueue({ ...place, log: silentLog, clock: systemClock });
  closeAfter(() => queue.close());
  await eventually(() => queue.isReady(), Boolean);
  return queue;
}

function consume(place: Place, work: (runId: string) => Promise<void> = async () => {}) {
  const taken: string[] = [];
  const consumer = createRunConsumer({
    ...place,
    concurrency: 5,
    log: silentLog,
    clock: systemClock,
    handle: async ({ runId }) => {
      taken.push(runId);
      await work(runId);
      return "done";
    },
  });
  closeAfter(() => consumer.close());
  return { consumer, taken };
}

describe("the queue of runs", () => {
  test("the same run at the same attempt is one job, at the next attempt another", async () => {
    const place = newPlace();
    const queue = await openQueue(place);
    const runId = randomUUID();
    for (const attempt of [0, 0, 1]) expect(await queue.add({ runId, attempt })).toBe(true);
    const last = randomUUID();
    await queue.add({ runId: last, attempt: 0 });
    const { taken } = consume(place);
    await eventually(
      () => taken,
      (runs) => runs.includes(last),
    );
    expect(taken).toEqual([runId, runId, last]);
  });

  test("a job is a run's id and nothing else", async () => {
    const place = newPlace();
    const queue = await openQueue(place);
    const runId = randomUUID();
    await queue.add({ runId, attempt: 3 });
    const redis = new Redis(place.url);
    closeAfter(async () => redis.disconnect());
    const data = await redis.hget(`${place.prefix}:runs:${runId}-3`, "data");
    expect(JSON.parse(data ?? "null")).toEqual({ runId });
  });

  test("a job that was done, or that failed, leaves nothing that refuses it the next time", async () => {
    const place = newPlace();
    const queue = await openQueue(place);
    const job = { runId: randomUUID(), attempt: 0 };
    const failing = consume(place, async () => {
      if (failing.taken.length === 1) throw new Error("The ledger is away");
    });
    for (const times of [1, 2, 3]) {
      await eventually(
        async () => {
          if (failing.taken.length < times) await queue.add(job);
          return failing.taken.length;
        },
        (count) => count === times,
      );
    }
  });

  test.each([
    ["an object without a prototype", Object.create(null)],
    ["a string of 1 MB", "x".repeat(1_000_000)],
    ["nothing", undefined],
  ])("a job whose handler throws %s is done with, and may be added again", async (_, thrown) => {
    const place = newPlace();
    const queue = await openQueue(place);
    const job = { runId: randomUUID(), attempt: 0 };
    const { taken } = consume(place, async () => {
      throw thrown;
    });
    for (const times of [1, 2]) {
      await eventually(
        async () => {
          if (taken.length < times) await queue.add(job);
          return taken.length;
        },
        (count) => count === times,
        2000,
      );
    }
  });

  test("the job of a process that died with it in hand is delivered again within seconds", async () => {
    const place = newPlace();
    const queue = await openQueue(place);
    const runId = randomUUID();
    await queue.add({ runId, attempt: 0 });
    const holder = fork(HOLD_JOB, [place.url, place.prefix]);
    await once(holder, "exit");
    const { taken } = consume(place);
    await eventually(
      () => taken,
      (runs) => runs.includes(runId),
      15_000,
    );
  });

  test("a queue that came back empty is distinguished from one that is away", async () => {
    const redis = await startOwnRedis();
    const queue = await openQueue(newPlace(redis.url));
    expect(await queue.wasLost()).toBe(true);
    await queue.markHere();
    expect(await queue.wasLost()).toBe(false);
    redis.hang();
    expect(await queue.wasLost()).toBe(false);
    redis.resume();
    await redis.stop();
    expect(await queue.wasLost()).toBe(false);
  });
});

test("a job that a process returns is taken by the next one", async () => {
  const place = newPlace();
  const queue = await openQueue(place);
  const runId = randomUUID();
  await queue.add({ runId, attempt: 0 });
  const returned = Promise.withResolvers<void>();
  const stopping = createRunConsumer({
    ...place,
    concurrency: 1,
    log: silentLog,
    clock: systemClock,
    handle: async () => {
      await stopping.pause();
      returned.resolve();
      return "returned";
    },
  });
  await returned.promise;
  await stopping.close();
  const { taken } = consume(place);
  await eventually(
    () => taken,
    (runs) => runs.includes(runId),
  );
});

test("a job names the run that is worked on, whoever gets it after a crash", async () => {
  const place = newPlace();
  const queue = await openQueue(place);
  const [runId, next] = [randomUUID(), randomUUID()];
  await queue.add({ runId, attempt: 0 });
  const done = Promise.withResolvers<void>();
  const consumer = createRunConsumer({
    ...place,
    concurrency: 1,
    log: silentLog,
    clock: systemClock,
    handle: async (job) => {
      expect(job.isRedelivered).toBe(false);
      job.worksOn(next);
      await done.promise;
      return "done";
    },
  });
  closeAfter(() => consumer.close());
  closeAfter(async () => done.resolve());
  const redis = new Redis(place.url);
  closeAfter(async () => redis.disconnect());
  await eventually(
    () => redis.hget(`${place.prefix}:runs:${runId}-0`, "data"),
    (data) => data === JSON.stringify({ runId: next }),
  );
});

describe("a consumer that closes", () => {
  test("waits for what it has taken", async () => {
    const place = newPlace();
    const queue = await openQueue(place);
    const begun = Promise.withResolvers<void>();
    let ended = 0;
    const { consumer, taken } = consume(place, async () => {
      await begun.promise;
      ended += 1;
    });
    await queue.add({ runId: randomUUID(), attempt: 0 });
    await eventually(
      () => taken.length,
      (count) => count === 1,
    );
    const closing = consumer.close();
    begun.resolve();
    await closing;
    expect(ended).toBe(taken.length);
  });

  test.each([
    ["is away", (redis: OwnRedis) => redis.stop()],
    ["hangs", async (redis: OwnRedis) => redis.hang()],
  ])("is closed when its work is done, also while Redis %s", async (_, lose) => {
    const redis = await startOwnRedis();
    const place = newPlace(redis.url);
    const queue = await openQueue(place);
    const done = Promise.withResolvers<void>();
    const { consumer, taken } = consume(place, () => done.promise);
    await queue.add({ runId: randomUUID(), attempt: 0 });
    await eventually(
      () => taken.length,
      (count) => count === 1,
    );
    await lose(redis);
    let isDone = false;
    const closing = consumer.close().then(() => {
      expect(isDone).toBe(true);
    });
    isDone = true;
    done.resolve();
    await closing;
  });
});
