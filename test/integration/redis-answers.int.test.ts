/** An open connection is no promise: what matters is whether Redis answers on it. */
import { randomUUID } from "node:crypto";
import { createRunConsumer, createRunQueue, type TakenJob } from "@cmo/shared/queue";
import { systemClock } from "@cmo/shared/runtime";
import { createRunHub, createRunLog } from "@cmo/shared/stream";
import { Redis } from "ioredis";
import { expect, inject, test } from "vitest";
import { createTcpProxy } from "../faults/tcp-proxy.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { startOwnRedis } from "../support/own-redis.ts";
import { attemptEntry, openRunLog, silentLog } from "../support/streams.ts";

const common = { log: silentLog, clock: systemClock };
const newPrefix = () => `test-${randomUUID()}`;

/** The stack's Redis, or another, over a network that can be made to fail. */
async function openNetwork(redisUrl = inject("stack").redisUrl) {
  const proxy = await createTcpProxy(Number(new URL(redisUrl).port));
  closeAfter(() => proxy.close());
  return { proxy, url: `redis://127.0.0.1:${proxy.port}` };
}

test("a Redis that hangs is not ready, and is ready again when it goes on", async () => {
  const redis = await startOwnRedis();
  const parts = [
    createRunQueue({ ...common, url: redis.url, prefix: newPrefix() }),
    createRunLog({ ...common, url: redis.url }),
    createRunHub({ ...common, url: redis.url }),
  ];
  for (const part of parts) closeAfter(() => part.close());
  const ready = () => parts.map((part) => part.isReady());
  await eventually(ready, (all) => all.every(Boolean));

  redis.hang();
  await eventually(ready, (all) => !all.some(Boolean));
  redis.resume();
  await eventually(ready, (all) => all.every(Boolean));
});

test("a reader whose connection has gone silent receives what it missed", async () => {
  const { proxy, url } = await openNetwork();
  const hub = createRunHub({ ...common, url, healMs: 600_000 });
  closeAfter(() => hub.close());
  await eventually(() => hub.isReady(), Boolean);
  const log = await openRunLog();
  const runId = randomUUID();
  let looks = 0;
  const heard: string[] = [];
  await hub.attach(runId, {
    live: ({ id }) => heard.push(id),
    look: () => {
      looks += 1;
    },
  });

  proxy.halfOpen();
  await log.append({ runId, attempt: 1 }, 0, [attemptEntry(1)]);
  await eventually(() => looks > 0 && hub.isReady(), Boolean);
  await log.append({ runId, attempt: 2 }, 0, [attemptEntry(2)]);
  await eventually(
    () => heard,
    (ids) => ids.includes("2-0"),
  );
  expect(heard).not.toContain("1-0");
});

test("a log that is written over a dead connection is written over a new one", async () => {
  const { proxy, url } = await openNetwork();
  const log = createRunLog({ ...common, url });
  closeAfter(() => log.close());
  await eventually(() => log.isReady(), Boolean);
  const runId = randomUUID();

  proxy.halfOpen();
  const append = () =>
    log.append({ runId, attempt: 1 }, 0, [attemptEntry(1)]).catch(() => ({ kind: "away" }));
  await eventually(append, ({ kind }) => kind === "appended");
  expect(await log.has(runId, "1-0")).toBe(true);
});

test("a job is found although Redis woke a worker that cannot hear it", async () => {
  const redis = await startOwnRedis();
  const { proxy, url } = await openNetwork(redis.url);
  const prefix = newPrefix();
  const taken: string[] = [];
  const handle = async ({ runId }: TakenJob) => {
    taken.push(runId);
    return "done" as const;
  };
  const consume = (redisUrl: string) => {
    const place = { ...common, url: redisUrl, prefix };
    const consumer = createRunConsumer({ ...place, concurrency: 1, handle });
    closeAfter(() => consumer.close());
  };
  const admin = new Redis(redis.url);
  closeAfter(async () => admin.disconnect());
  const waiting = async () => `${await admin.client("LIST")}`.split("cmd=bzpopmin").length - 1;
  const queue = createRunQueue({ ...common, url: redis.url, prefix });
  closeAfter(() => queue.close());
  await eventually(() => queue.isReady(), Boolean);

  // Redis wakes who waits longest: the one that is about to go deaf.
  consume(url);
  await eventually(waiting, (count) => count === 1);
  consume(redis.url);
  await eventually(waiting, (count) => count === 2);
  proxy.halfOpen();
  const runId = randomUUID();
  await queue.add({ runId, attempt: 0 });
  // Below the five seconds after which an idle worker would look by itself.
  await eventually(
    () => taken,
    (ids) => ids.includes(runId),
    4_500,
  );
});
