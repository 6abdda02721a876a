import { randomUUID } from "node:crypto";
import { END_SEQ } from "@cmo/shared/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attemptEntry, deltaEntry, openRunLog } from "../support/streams.ts";

const log = await openRunLog();

const ids = async (runId: string) => (await log.read(runId, null)).map(({ id }) => id);

describe("a run's log", () => {
  test("entries have consecutive places, and a reader gets exactly those past its cursor", async () => {
    const runId = randomUUID();
    const writer = { runId, attempt: 1 };
    await log.append(writer, 0, [attemptEntry(1), deltaEntry("a"), deltaEntry("b", 1)]);
    await log.append(writer, 3, [deltaEntry("c", 2)]);

    expect(await ids(runId)).toEqual(["1-0", "1-1", "1-2", "1-3"]);
    expect((await log.read(runId, "1-1")).map(({ data }) => data)).toEqual([
      deltaEntry("b", 1).data,
      deltaEntry("c", 2).data,
    ]);
  });

  test("an append is idempotent, also when it overlaps what is there", async () => {
    const runId = randomUUID();
    const writer = { runId, attempt: 1 };
    const entries = [attemptEntry(1), deltaEntry("a"), deltaEntry("b", 1)];
    await log.append(writer, 0, entries.slice(0, 2));
    expect(await log.append(writer, 0, entries)).toEqual({ kind: "appended", seq: 2 });
    expect(await log.append(writer, 0, entries)).toEqual({ kind: "appended", seq: 2 });
    expect(await ids(runId)).toEqual(["1-0", "1-1", "1-2"]);
  });

  test("an append that would leave a hole is refused and says where to go on", async () => {
    const runId = randomUUID();
    expect(await log.append({ runId, attempt: 1 }, 4, [deltaEntry("x")])).toEqual({
      kind: "gap",
      seq: -1,
    });
    await log.append({ runId, attempt: 1 }, 0, [attemptEntry(1)]);
    expect(await log.append({ runId, attempt: 1 }, 2, [deltaEntry("x")])).toEqual({
      kind: "gap",
      seq: 0,
    });
    expect(await ids(runId)).toEqual(["1-0"]);
  });

  test("the first entry of an attempt withdraws those of the attempt before", async () => {
    const runId = randomUUID();
    await log.append({ runId, attempt: 1 }, 0, [attemptEntry(1), deltaEntry("old")]);
    await log.append({ runId, attempt: 2 }, 0, [attemptEntry(2), deltaEntry("new")]);
    expect(await ids(runId)).toEqual(["2-0", "2-1"]);
  });

  test("a worker that was superseded can write nothing more", async () => {
    const runId = randomUUID();
    const superseded = { runId, attempt: 1 };
    await log.append(superseded, 0, [attemptEntry(1)]);
    await log.append({ runId, attempt: 2 }, 0, [attemptEntry(2)]);
    expect(await log.append(superseded, 1, [deltaEntry("late")])).toEqual({ kind: "fenced" });
    expect(await log.append(superseded, 0, [attemptEntry(1)])).toEqual({ kind: "fenced" });
    expect(await ids(runId)).toEqual(["2-0"]);
  });

  test("after the end nothing is appended, by no attempt", async () => {
    const runId = randomUUID();
    await log.append({ runId, attempt: 1 }, 0, [attemptEntry(1)]);
    await log.end({ runId, attempt: 1 });
    expect(await log.append({ runId, attempt: 1 }, 1, [deltaEntry("x")])).toEqual({
      kind: "closed",
    });
    expect(await log.append({ runId, attempt: 2 }, 0, [attemptEntry(2)])).toEqual({
      kind: "closed",
    });
    expect(await ids(runId)).toEqual(["1-0", `1-${END_SEQ}`]);
  });

  test("the end is idempotent, whoever writes it", async () => {
    const runId = randomUUID();
    await log.append({ runId, attempt: 1 }, 0, [attemptEntry(1)]);
    await Promise.all([1, 2, 3].map(() => log.end({ runId, attempt: 1 })));
    expect(await ids(runId)).toEqual(["1-0", `1-${END_SEQ}`]);
  });

  test("a run that nobody ever claimed can be ended", async () => {
    const runId = randomUUID();
    await log.end({ runId, attempt: 0 });
    expect(await ids(runId)).toEqual([`0-${END_SEQ}`]);
    expect(await log.has(runId, `0-${END_SEQ}`)).toBe(true);
  });

  test("a full log refuses text but neither the next attempt nor the end", async () => {
    const small = await openRunLog({ maxEvents: 2 });
    const runId = randomUUID();
    const entries = [attemptEntry(1), deltaEntry("a"), deltaEntry("b"), deltaEntry("c")];
    expect(await small.append({ runId, attempt: 1 }, 0, entries)).toEqual({ kind: "full", seq: 1 });
    expect(
      await small.append({ runId, attempt: 2 }, 0, [attemptEntry(2), deltaEntry("d")]),
    ).toEqual({
      kind: "appended",
      seq: 1,
    });
    await small.end({ runId, attempt: 2 });
    expect(await ids(runId)).toEqual(["2-0", "2-1", `2-${END_SEQ}`]);
  });

  test("whatever is appended in whatever order, the log is one attempt's prefix without holes", async () => {
    const append = fc.record({
      attempt: fc.integer({ min: 1, max: 3 }),
      first: fc.integer({ min: 0, max: 6 }),
      count: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(append, { maxLength: 25 }), async (appends) => {
        const runId = randomUUID();
        for (const { attempt, first, count } of appends) {
          const entries = Array.from({ length: count }, (_, index) =>
            first + index === 0 ? attemptEntry(attempt) : deltaEntry(`${attempt}:${first + index}`),
          );
          await log.append({ runId, attempt }, first, entries);
        }
        const logged = await log.read(runId, null);
        const attempt = logged[0]?.id.split("-")[0];
        expect(logged.map(({ id }) => id)).toEqual(logged.map((_, seq) => `${attempt}-${seq}`));
      }),
      { numRuns: 60 },
    );
  });
});
