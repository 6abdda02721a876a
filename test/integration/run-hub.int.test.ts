import { randomUUID } from "node:crypto";
import type { HubListener, LiveEntry } from "@cmo/shared/stream";
import { Redis } from "ioredis";
import { afterAll, expect, inject, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { attemptEntry, deltaEntry, openRunHub, openRunLog } from "../support/streams.ts";

const log = await openRunLog();
// Heals only after every deadline here: what a test waits for has to come by itself.
const hub = await openRunHub(600_000);
const admin = new Redis(inject("stack").redisUrl);
afterAll(() => admin.disconnect());

function listen() {
  const heard: LiveEntry[] = [];
  let looks = 0;
  const listener: HubListener = {
    live: (entry) => heard.push(entry),
    look: () => {
      looks += 1;
    },
  };
  return { listener, heard, looks: () => looks };
}

test("once attach has resolved, no entry is missed, and each names the one before it", async () => {
  const runId = randomUUID();
  const { listener, heard } = listen();
  const detach = await hub.attach(runId, listener);
  await log.append({ runId, attempt: 1 }, 0, [attemptEntry(1), deltaEntry("a")]);
  await log.append({ runId, attempt: 2 }, 0, [attemptEntry(2)]);
  await log.end({ runId, attempt: 2 });

  await eventually(
    () => heard.length,
    (count) => count === 4,
  );
  expect(heard.map(({ prev, id }) => `${prev} ${id}`)).toEqual([
    "0-0 1-0",
    "1-0 1-1",
    "1-1 2-0",
    "2-0 2-999999999",
  ]);
  detach();
});

test("any number of readers share one subscription, which the last one ends", async () => {
  const runId = randomUUID();
  const channel = `{run:${runId}}:live`;
  const subscribers = async () => Number((await admin.pubsub("NUMSUB", channel))[1]);
  const detaches = await Promise.all([1, 2, 3].map(() => hub.attach(runId, listen().listener)));
  expect(await subscribers()).toBe(1);
  detaches[0]?.();
  detaches[0]?.();
  expect(await subscribers()).toBe(1);
  for (const detach of detaches) detach();
  expect(await eventually(subscribers, (count) => count === 0)).toBe(0);
});

test("a reader that comes as the last one leaves hears everything", async () => {
  const runId = randomUUID();
  for (let round = 0; round < 20; round++) {
    const leaving = await hub.attach(runId, listen().listener);
    const { listener, heard } = listen();
    leaving();
    const coming = hub.attach(runId, listener);
    leaving();
    const detach = await coming;
    await log.append({ runId, attempt: round + 1 }, 0, [attemptEntry(round + 1)]);
    await eventually(
      () => heard.length,
      (count) => count === 1,
    );
    detach();
  }
});

test("a reader is asked to read the log when the connection was lost, and receives live messages afterwards", async () => {
  const runId = randomUUID();
  const { listener, heard, looks } = listen();
  const detach = await hub.attach(runId, listener);
  await admin.call("CLIENT", "KILL", "TYPE", "pubsub");
  await eventually(looks, (count) => count > 0);
  await log.append({ runId, attempt: 1 }, 0, [attemptEntry(1)]);
  await eventually(
    () => heard.length,
    (count) => count === 1,
  );
  detach();
});

test("a cancel that was announced reaches who listens for it", async () => {
  const runId = randomUUID();
  const heard: string[] = [];
  await hub.onCancel((id) => heard.push(id));
  await hub.announceCancel(runId);
  await eventually(
    () => heard,
    (ids) => ids.includes(runId),
  );
});
