/** Places for open streams, counted over processes: each set of slots here stands for one. */
import { randomUUID } from "node:crypto";
import { createStreamSlots, type StreamHolder, type StreamSlot } from "@cmo/shared/stream";
import { Redis } from "ioredis";
import { afterAll, expect, inject, test } from "vitest";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { startOwnCluster, startOwnRedis } from "../support/own-redis.ts";
import { silentLog } from "../support/streams.ts";

const admin = new Redis(inject("stack").redisUrl);
afterAll(() => admin.disconnect());

async function openSlots(options: { url?: string; holdMs?: number; maxStreams?: number } = {}) {
  const { redisUrl: url } = inject("stack");
  const slots = createStreamSlots({ url, log: silentLog, maxStreams: 1000, ...options });
  closeAfter(() => slots.close());
  await eventually(slots.isReady, Boolean);
  return slots;
}

/** A user of a tenant that nobody else has. */
function newHolder(limits: Partial<StreamHolder> = {}): StreamHolder {
  const ids = { tenantId: randomUUID(), userId: randomUUID() };
  return { ...ids, maxTenantStreams: 1000, maxUserStreams: 1000, ...limits };
}

function outcomes(slots: readonly StreamSlot[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const slot of slots) {
    const name = slot.kind === "full" ? `${slot.scope} full` : slot.kind;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function release(slots: readonly StreamSlot[]): void {
  for (const slot of slots) if (slot.kind === "taken") slot.release();
}

const [one, other] = await Promise.all([openSlots(), openSlots()]);

test("of many that ask at once in two processes, a user gets exactly as many places as allowed", async () => {
  const holder = newHolder({ maxUserStreams: 7 });
  const asks = Array.from({ length: 40 }, (_, i) => (i % 2 ? one : other).take(holder));
  const slots = await Promise.all(asks);
  expect(outcomes(slots)).toEqual({ taken: 7, "user full": 33 });

  release(slots);
  const again = await eventually(
    () => other.take(holder),
    ({ kind }) => kind === "taken",
  );
  release([again]);
});

test("the users of a tenant share its places, and another tenant has its own", async () => {
  const limits = { maxTenantStreams: 3, tenantId: randomUUID() };
  const slots = await Promise.all([
    ...[one, other].map((process) => process.take(newHolder(limits))),
    ...[one, other].map((process) => process.take(newHolder(limits))),
  ]);
  expect(outcomes(slots)).toEqual({ taken: 3, "tenant full": 1 });
  expect(outcomes([await one.take(newHolder({ maxTenantStreams: 3 }))])).toEqual({ taken: 1 });
  release(slots);
});

test("a place is released once, however often its end is told", async () => {
  const holder = newHolder({ maxUserStreams: 1 });
  const first = await one.take(holder);
  release([first, first]);
  const second = await eventually(
    () => one.take(holder),
    ({ kind }) => kind === "taken",
  );
  release([first]);
  expect(outcomes([await one.take(holder)])).toEqual({ "user full": 1 });
  release([second]);
});

test("a process has as many places as it can serve, with or without a user", async () => {
  const small = await openSlots({ maxStreams: 2 });
  const slots = [await small.take(null), await small.take(newHolder())];
  expect(outcomes([...slots, await small.take(null)])).toEqual({ taken: 2, "process full": 1 });
  release(slots);
  expect(outcomes([await small.take(null)])).toEqual({ taken: 1 });
});

test("a process that lives keeps its places, and those of one that crashed are free again", async () => {
  const holdMs = 300;
  const [living, crashing] = await Promise.all([openSlots({ holdMs }), openSlots({ holdMs })]);
  const holder = newHolder({ maxUserStreams: 2 });
  const slots = [await living.take(holder), await crashing.take(holder)];
  expect(outcomes([...slots, await one.take(holder)])).toEqual({ taken: 2, "user full": 1 });

  await crashing.close();
  const freed = await eventually(
    () => one.take(holder),
    ({ kind }) => kind === "taken",
  );
  expect(outcomes([await one.take(holder)])).toEqual({ "user full": 1 });
  release([...slots, freed]);
});

test("places that Redis has lost are entered again", async () => {
  const process = await openSlots({ holdMs: 300 });
  const holder = newHolder({ maxUserStreams: 1 });
  const slot = await process.take(holder);
  await admin.del(
    `{streams:${holder.tenantId}}:all`,
    `{streams:${holder.tenantId}}:${holder.userId}`,
  );
  await eventually(
    async () => outcomes([await one.take(holder)]),
    (seen) => seen["user full"] === 1,
  ).finally(() => release([slot]));
});

test("during an outage each process counts its own streams, and refuses nobody else", async () => {
  const redis = await startOwnRedis();
  const [here, there] = [await openSlots({ url: redis.url }), await openSlots({ url: redis.url })];
  await redis.stop();
  await eventually(
    () => here.isReady() || there.isReady(),
    (isReady) => !isReady,
  );
  const holder = newHolder({ maxUserStreams: 2 });
  const slots = [await here.take(holder), await here.take(holder), await there.take(holder)];
  expect(outcomes([...slots, await here.take(holder)])).toEqual({ taken: 3, "user full": 1 });
  expect(outcomes([await here.take(newHolder({ maxUserStreams: 1 }))])).toEqual({ taken: 1 });
  release(slots);
});

test("a cluster takes the script: its keys are in one slot", async () => {
  const { url } = await startOwnCluster();
  const slots = await openSlots({ url });
  const holder = newHolder({ maxUserStreams: 1 });
  expect(outcomes([await slots.take(holder), await slots.take(holder)])).toEqual({
    taken: 1,
    "user full": 1,
  });
});
