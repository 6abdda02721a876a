/** What a worker says arrives in the run's log: in order, once, and whatever Redis does meanwhile. */
import { randomUUID } from "node:crypto";
import { END_SEQ, type WorkEvent } from "@cmo/shared/contract";
import { systemClock } from "@cmo/shared/runtime";
import { createRunLog, type LogEntry, type RunLog } from "@cmo/shared/stream";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { createEventWriter } from "../../apps/worker/src/write-events.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { reserveRedis } from "../support/own-redis.ts";
import { attemptEntry, openRunLog, silentLog } from "../support/streams.ts";

const log = await openRunLog();
const admin = new Redis(inject("stack").redisUrl);
closeAfter(() => admin.disconnect());

const first: WorkEvent = { type: "attempt", data: { attempt: 1, reset: false, reason: null } };
const delta = (text: string, offset: number): WorkEvent => ({
  type: "delta",
  data: { text, offset },
});
const progress = (percent: number): WorkEvent => ({
  type: "progress",
  data: { percent, done: [] },
});

function write(into: RunLog = log, run = { runId: randomUUID(), attempt: 1 }) {
  let refused = 0;
  const writer = createEventWriter({
    log: into,
    run,
    clock: systemClock,
    logger: silentLog,
    nextFlush: () => null,
    onRefused: () => {
      refused += 1;
    },
  });
  return { writer, run, refused: () => refused };
}

/** The keys of one run are emptied, as a Redis that restarts without its data would do for all. */
async function flush(runId: string): Promise<void> {
  await admin.del(`{run:${runId}}:log`, `{run:${runId}}:meta`);
}

const textOf = (entries: readonly LogEntry[]) =>
  entries.map(({ data }) => JSON.parse(data).text ?? "").join("");

describe("a writer of events", () => {
  test("what is said in one breath is one entry, and entries keep their order", async () => {
    const { writer, run } = write();
    writer.push(first);
    for (const event of [delta("Hel", 0), delta("lo", 3), progress(10), delta("!", 5)]) {
      writer.push(event);
    }
    expect(await writer.flushed(20_000)).toBe(true);
    const entries = await log.read(run.runId, null);
    expect(entries.map(({ id, type }) => `${id} ${type}`)).toEqual([
      "1-0 attempt",
      "1-1 delta",
      "1-2 progress",
      "1-3 delta",
    ]);
    expect(JSON.parse(entries[1]?.data ?? "")).toEqual({ text: "Hello", offset: 0 });
  });

  test("in a crowded process text is gathered for a moment, and nothing else waits", async () => {
    const run = { runId: randomUUID(), attempt: 1 };
    const gathering = Promise.withResolvers<void>();
    let waits = 0;
    const nextFlush = () => {
      waits += 1;
      return gathering.promise;
    };
    const writer = createEventWriter({
      log,
      run,
      clock: systemClock,
      logger: silentLog,
      nextFlush,
      onRefused: () => {},
    });
    const written = async () => (await log.read(run.runId, null)).map(({ data }) => data);
    writer.push(first);
    await eventually(written, ({ length }) => length === 1);

    writer.push(delta("Hel", 0));
    await eventually(
      () => waits,
      (count) => count > 0,
    );
    writer.push(delta("lo", 3));
    gathering.resolve();
    const entries = await eventually(written, ({ length }) => length > 1);
    expect(entries.slice(1).map((data) => JSON.parse(data).text)).toEqual(["Hello"]);
    expect(waits).toBe(1);
  });

  test("what is said at any moment of an append is written, also when nothing follows it", async () => {
    for (let steps = 0; steps < 12; steps++) {
      const pushed = Promise.withResolvers<void>();
      const { writer, run } = write({
        ...log,
        async append(...call) {
          const result = await log.append(...call);
          if (call[1] === 0)
            void later(steps, () => writer.push(progress(50))).then(pushed.resolve);
          return result;
        },
      });
      writer.push(first);
      await pushed.promise;
      expect(await writer.flushed(20_000)).toBe(true);
      expect((await log.read(run.runId, null)).map(({ id }) => id)).toEqual(["1-0", "1-1"]);
    }
  });

  test("an append whose answer was lost is sent again, and its entries stand once, uncut", async () => {
    const answers = [null, null, "all later ones"];
    const { writer, run } = write({
      ...log,
      async append(...call) {
        const result = await log.append(...call);
        if (answers.shift() === null) throw new Error("The answer was lost");
        return result;
      },
    });
    writer.push(first);
    writer.push(delta("ab", 0));
    await eventually(
      () => log.read(run.runId, null),
      (entries) => entries.length > 0,
    );
    writer.push(delta("cd", 2));
    await writer.flushed(20_000);
    const entries = await log.read(run.runId, null);
    expect(entries.map(({ id }) => id)).toEqual(entries.map((_, seq) => `1-${seq}`));
    expect(textOf(entries)).toBe("abcd");
  });

  test("a log that was emptied is written again from its beginning, byte for byte", async () => {
    const { writer, run } = write();
    writer.push(first);
    writer.push(delta("one ", 0));
    await writer.flushed(20_000);
    writer.push(delta("two ", 4));
    await writer.flushed(20_000);
    const before = await log.read(run.runId, null);
    await flush(run.runId);

    writer.push(delta("three", 8));
    await writer.flushed(20_000);
    const after = await log.read(run.runId, null);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(textOf(after)).toBe("one two three");
  });

  test.each([
    [
      "a later attempt has written",
      (runId: string) => log.append({ runId, attempt: 2 }, 0, [attemptEntry(2)]),
    ],
    ["the run has ended", (runId: string) => log.end({ runId, attempt: 1 })],
  ])("once %s it says so once and writes nothing more", async (_, take) => {
    const { writer, run, refused } = write();
    writer.push(first);
    await writer.flushed(20_000);
    await take(run.runId);
    const taken = await log.read(run.runId, null);
    writer.push(delta("late", 0));
    await eventually(refused, (count) => count === 1);
    writer.push(delta("later", 4));
    expect(await writer.flushed(20_000)).toBe(true);
    expect(refused()).toBe(1);
    expect(await log.read(run.runId, null)).toEqual(taken);
  });

  test("a full log takes no more text, and still takes the end", async () => {
    const small = await openRunLog({ maxEvents: 3 });
    const { writer, run, refused } = write(small);
    writer.push(first);
    for (let percent = 1; percent <= 9; percent++) writer.push(progress(percent));
    await writer.flushed(20_000);
    await log.end(run);
    expect((await log.read(run.runId, null)).map(({ id }) => id)).toEqual([
      "1-0",
      "1-1",
      "1-2",
      `1-${END_SEQ}`,
    ]);
    expect(refused()).toBe(0);
  });

  test("nothing is written after it was stopped", async () => {
    const { writer, run } = write();
    writer.push(first);
    await writer.flushed(20_000);
    writer.stop();
    writer.push(delta("late", 0));
    await writer.flushed(1000);
    expect(await log.read(run.runId, null)).toHaveLength(1);
  });

  test("a Redis that is not there delays the events and loses none", async () => {
    const redis = await reserveRedis();
    const away = createRunLog({ url: redis.url, log: silentLog });
    closeAfter(() => away.close());
    const { writer, run } = write(away);
    writer.push(first);
    writer.push(delta("said ", 0));
    expect(await writer.flushed(50)).toBe(false);
    writer.push(delta("meanwhile", 5));

    await redis.start();
    expect(await writer.flushed(20_000)).toBe(true);
    redis.hang();
    writer.push(delta("!", 14));
    expect(await writer.flushed(50)).toBe(false);
    redis.resume();
    expect(await writer.flushed(20_000)).toBe(true);
    expect(textOf(await away.read(run.runId, null))).toBe("said meanwhile!");
  });
});

/** Runs `act` after so many turns of the microtask queue. */
async function later(steps: number, act: () => void): Promise<void> {
  for (let step = 0; step < steps; step++) await null;
  act();
}
