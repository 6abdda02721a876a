/** An open connection is no promise: what matters is whether Redis answers on it. */
import { randomUUID } from "node:crypto";
import { createRunConsumer, createRunQueue } from "@cmo/shared/queue";
import { systemClock } from "@cmo/shared/runtime";
import { createRunHub, createRunLog } from "@cmo/shared/stream";
import { expect, inject, test } from "vitest";
import { createTcpProxy } from "../faults/tcp-proxy.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { startOwnRedis } from "../support/own-redis.ts";
import { attemptEntry, openRunLog, silentLog } from "../support/streams.ts";

const common = { log: silentLog, clock: systemClock };
const newPrefix = () => `test-${randomUUID()}`;

/** The stack's Redis, over a network that can be made to fail. */
async function openNetwork() {
  const { redisUrl } = inject("stack");
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

test("a reader whose connection says nothing any more is told of what it missed", async () => {
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
  const { proxy, url } = await openNetwork();
  const prefix = newPrefix();
  const taken: string[] = [];
  const consume = (redisUrl: string) => {
    const handle = async (runId: string) => {
      taken.push(runId);
    };
    const consumer = createRunConsumer({
      ...common,
      url: redisUrl,
      prefix,
      concurrency: 1,
      handle,
    });
    closeAfter(() => consumer.close());
  };
  const queue = createRunQueue({ ...common, url: inject("stack").redisUrl, prefix });
  closeAfter(() => queue.close());
  await eventually(() => queue.isReady(), Boolean);
  consume(url);
  const [first, second] = [randomUUID(), randomUUID()];
  await queue.add({ runId: first, attempt: 0 });
  await eventually(
    () => taken,
    (ids) => ids.includes(first),
  );

  consume(inject("stack").redisUrl);
  proxy.halfOpen();
  await queue.add({ runId: second, attempt: 0 });
  // Well below the five seconds after which an idle worker would look by itself.
  await eventually(
    () => taken,
    (ids) => ids.includes(second),
    3_500,
  );
});
