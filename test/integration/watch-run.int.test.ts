/** What a reader of a run is told, on a real Redis, with a row that the test decides. */
import { endIdOf } from "@cmo/shared/contract";
import { AppError, systemClock } from "@cmo/shared/runtime";
import { createRunHub, createRunLog, type RunLog } from "@cmo/shared/stream";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import type { WatchDeps } from "../../apps/api/src/sse/watch-run.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { ended } from "../support/model-run.ts";
import { reserveRedis } from "../support/own-redis.ts";
import { deltaEntry, openRunHub, openRunLog, silentLog } from "../support/streams.ts";
import { createScene, read, shape, stands } from "../support/watched-run.ts";

const log = await openRunLog();
const hub = await openRunHub(200);
const admin = new Redis(inject("stack").redisUrl);
closeAfter(() => admin.disconnect());

/** Without any news, a reader looks after 15 seconds. */
const SOONER_THAN_QUIET_MS = 10_000;

const newScene = () => createScene({ log, hub, admin });

/** Redis answers the first read of the log too late. */
function failFirstRead(deps: WatchDeps): WatchDeps {
  let reads = 0;
  const read: RunLog["read"] = async (...asked) => {
    reads += 1;
    if (reads === 1) throw new Error("Command timed out");
    return deps.log.read(...asked);
  };
  return { ...deps, hub: silentHub, log: { ...deps.log, read } };
}

/** Never tells a reader to look. */
const silentHub: WatchDeps["hub"] = { ...hub, attach: async () => () => {} };

describe("a reader of a run", () => {
  test("one that comes late receives what one that was there from the start received", async () => {
    const scene = newScene();
    const early = read(scene.deps, scene.row);
    await scene.say(1, "a", "b");
    await eventually(
      () => early.events.length,
      (count) => count === 4,
    );
    const late = read(scene.deps, scene.row);
    await log.append({ runId: scene.runId, attempt: 1 }, 3, [deltaEntry("c", 2)]);
    scene.setRow(ended(scene.row, "abc"));
    await log.end({ runId: scene.runId, attempt: 1 });
    await Promise.all([early.done, late.done]);
    expect(shape(early.events)).toEqual(["run", "attempt", "a", "b", "c", "completed"]);
    expect(late.events).toEqual(early.events);
    expect(early.events.at(-1)).toMatchObject({ id: endIdOf(1) });
  });

  test("one at a place in a superseded attempt is reset, then receives everything", async () => {
    const scene = newScene();
    await scene.say(2, "new");
    const run = ended({ ...scene.row, attempt: 2 }, "new");
    await log.end({ runId: scene.runId, attempt: 2 });
    const { events, done } = read(scene.deps, run, { after: "1-7" });
    await done;
    expect(shape(events)).toEqual(["run", "attempt", "new", "completed"]);
  });

  test.each([undefined, "1-1"])(
    "one whose log is gone gets the text from the row (at %s)",
    async (after) => {
      const scene = newScene();
      const { events, done } = read(
        scene.deps,
        ended(scene.row, "whole"),
        after === undefined ? {} : { after },
      );
      await done;
      expect(shape(events)).toEqual(["run", "snapshot whole", "completed"]);
    },
  );

  test("one whose log lost its beginning gets the whole text at the end", async () => {
    const scene = newScene();
    await scene.say(1, "a", "b");
    await admin.del(`{run:${scene.runId}}:log`);
    await log.append({ runId: scene.runId, attempt: 1 }, 3, [deltaEntry("c", 2)]);
    await log.end({ runId: scene.runId, attempt: 1 });
    const { events, done } = read(scene.deps, ended(scene.row, "abc"));
    await done;
    expect(shape(events).slice(-2)).toEqual(["snapshot abc", "completed"]);
  });

  test("one that holds a superseded attempt's text, as long as the last one's, gets the last one's", async () => {
    const scene = newScene();
    await scene.say(1, "old");
    const { events, done } = read(scene.deps, scene.row);
    await eventually(
      () => events.length,
      (count) => count === 3,
    );
    await scene.forgetLog();
    scene.setRow(ended({ ...scene.row, attempt: 2 }, "new"));
    await log.end({ runId: scene.runId, attempt: 2 });
    await done;
    expect(shape(events)).toEqual(["run", "attempt", "old", "snapshot new", "completed"]);
  });

  test("one that comes back to a log that lost its tail gets the whole text", async () => {
    const scene = newScene();
    await scene.say(1, "a", "b");
    await log.end({ runId: scene.runId, attempt: 1 });
    const { events, done } = read(scene.deps, ended(scene.row, "abc"), { after: "1-2" });
    await done;
    expect(shape(events)).toEqual(["run", "snapshot abc", "completed"]);
  });

  test("one that comes back to a whole log receives nothing twice", async () => {
    const scene = newScene();
    await scene.say(1, "a", "b");
    await log.end({ runId: scene.runId, attempt: 1 });
    const { events, done } = read(scene.deps, ended(scene.row, "ab"), { after: "1-2" });
    await done;
    expect(shape(events)).toEqual(["run", "completed"]);
  });

  test("one that comes back gets the text although a read of the log fails", async () => {
    const scene = newScene();
    await scene.say(1, "one ", "two");
    await log.end({ runId: scene.runId, attempt: 1 });
    const row = ended(scene.row, "one two");
    const { events, done } = read(failFirstRead(scene.deps), row, { after: "1-1" });
    await done;
    expect(shape(events)).toEqual(["run", "snapshot one two", "completed"]);
  });

  test("one whose read of the log failed reads it again soon, without any news", async () => {
    const scene = newScene();
    await scene.say(1, "one");
    const { events } = read(failFirstRead(scene.deps), scene.row);
    await eventually(
      () => events.length,
      (count) => count === 3,
      SOONER_THAN_QUIET_MS,
    );
    expect(shape(events)).toEqual(["run", "attempt", "one"]);
  });

  test("an entry that nobody can read is passed over, and costs no reader the ending", async () => {
    const scene = newScene();
    await scene.say(1, "a");
    await log.append({ runId: scene.runId, attempt: 1 }, 2, [{ type: "delta", data: "{half" }]);
    await log.end({ runId: scene.runId, attempt: 1 });
    const { events, done } = read(scene.deps, ended(scene.row, "ab"));
    await done;
    expect(shape(events)).toEqual(["run", "attempt", "a", "snapshot ab", "completed"]);
  });

  test("one receives the ending of a row whose end was never logged", async () => {
    const scene = newScene();
    const { events, done } = read(scene.deps, scene.row);
    await scene.say(1, "a");
    await eventually(
      () => events.length,
      (count) => count === 3,
    );
    scene.setRow(ended(scene.row, "a"));
    scene.putClockForward(60_000);
    await done;
    expect(shape(events)).toEqual(["run", "attempt", "a", "snapshot a", "completed"]);
  });

  test("one that has seen the end waits for a row that cannot be read yet", async () => {
    const scene = newScene();
    const away = new AppError("database_unavailable", "Away.");
    const answers = [() => Promise.reject(away), async () => scene.row];
    const find = () => (answers.shift() ?? (async () => ended(scene.row, "a")))();
    const { events, done } = read(
      { ...scene.deps, reader: { runs: { find }, confirmAgain: stands } },
      scene.row,
    );
    await scene.say(1, "a");
    await log.end({ runId: scene.runId, attempt: 1 });
    await done;
    expect(answers).toEqual([]);
    expect(shape(events)).toEqual(["run", "attempt", "a", "completed"]);
  });

  test("one that comes while Redis is away gets the ending from the row", async () => {
    const redis = await reserveRedis();
    const away = {
      log: createRunLog({ url: redis.url, log: silentLog }),
      hub: createRunHub({ url: redis.url, log: silentLog, clock: systemClock }),
    };
    closeAfter(() => Promise.all([away.log.close(), away.hub.close()]));
    const scene = newScene();
    const { events, done } = read({ ...scene.deps, ...away }, scene.row);
    await eventually(
      () => events.length,
      (count) => count === 1,
    );
    scene.setRow(ended(scene.row, "a"));
    await done;
    expect(shape(events)).toEqual(["run", "snapshot a", "completed"]);
  });

  test.each([
    ["whose membership was taken away", async () => null],
    ["whose session has ended", () => Promise.reject(new AppError("expired_token", "Sign in."))],
  ])("one %s is told nothing more, and no ending", async (_, find) => {
    const scene = newScene();
    const { events, done } = read(
      { ...scene.deps, reader: { runs: { find }, confirmAgain: stands } },
      scene.row,
    );
    await eventually(
      () => events.length,
      (count) => count === 1,
    );
    scene.putClockForward(60_000);
    await done;
    expect(shape(events)).toEqual(["run"]);
  });

  test("one whose session was ended elsewhere receives nothing more, and no ending", async () => {
    const scene = newScene();
    let asked = 0;
    const confirmAgain = async () => {
      asked += 1;
      return "ended" as const;
    };
    const reader = { ...scene.deps.reader, confirmAgain };
    const { events, done } = read({ ...scene.deps, reader }, scene.row);
    await scene.say(1, "a");
    await eventually(
      () => events.length,
      (count) => count === 3,
    );
    expect(asked).toBe(0);
    scene.putClockForward(60_000);
    await done;
    expect(shape(events)).toEqual(["run", "attempt", "a"]);
    expect(asked).toBe(1);
  });

  test("a database and a check of sessions that hang hold up no event for long", async () => {
    const scene = newScene();
    const find = (_id: string, signal?: AbortSignal) =>
      new Promise<never>((_, reject) => {
        const away = new AppError("database_unavailable", "Away.");
        signal?.addEventListener("abort", () => reject(away));
      });
    const reader = { runs: { find }, confirmAgain: () => new Promise<never>(() => {}) };
    const { events, leave, done } = read({ ...scene.deps, reader }, scene.row);
    await eventually(
      () => events.length,
      (count) => count === 1,
    );
    scene.putClockForward(61_000);
    await scene.say(1, "a");
    await eventually(
      () => events.length,
      (count) => count === 3,
    );
    await log.append({ runId: scene.runId, attempt: 1 }, 2, [deltaEntry("b", 1)]);
    await eventually(
      () => events.length,
      (count) => count === 4,
    );
    leave();
    await done;
  });
});
