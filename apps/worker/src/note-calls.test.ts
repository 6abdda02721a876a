import type { AttemptCall } from "@cmo/shared/contract";
import type { NotedCalls } from "@cmo/shared/db";
import { expect, test } from "vitest";
import { createLiveRuns } from "./live-runs.ts";
import { createCallNotes } from "./note-calls.ts";

const call = (completion_tokens: number, members: Partial<AttemptCall> = {}): AttemptCall => ({
  call: 1,
  purpose: "answer",
  model: "m",
  usage: { prompt_tokens: 1000, completion_tokens, total_tokens: 1000 + completion_tokens },
  estimated: true,
  ...members,
});

function setUp() {
  const live = createLiveRuns();
  const noted: NotedCalls[] = [];
  let isAway = false;
  const note = createCallNotes({
    live,
    identity: { id: "w" },
    settings: { heartbeatMs: 1_000 },
    ledger: {
      noteCalls: async (_worker, notes) => {
        if (isAway) throw new Error("The database is away.");
        noted.push(...notes);
      },
    },
  });
  const tokens = () => noted.map(({ calls }) => calls.map(({ usage }) => usage?.completion_tokens));
  return {
    live,
    note,
    tokens,
    away: (away: boolean) => {
      isAway = away;
    },
  };
}

test("a call is noted when it begins, and when its usage has grown by a quarter", async () => {
  const { live, note, tokens } = setUp();
  const run = live.hold({ runId: "r", attempt: 1 });
  await note();
  expect(tokens()).toEqual([]);
  let calls = [call(0)];
  run.countCalls(() => calls);
  for (const grown of [0, 100, 120, 125, 126]) {
    calls = [call(grown)];
    await note();
  }
  expect(tokens()).toEqual([[0], [100], [126]]);
});

test("what the gateway reports in place of a guess is noted, and so is the next call", async () => {
  const { live, note, tokens } = setUp();
  const run = live.hold({ runId: "r", attempt: 1 });
  const { estimated: _, ...reported } = call(50);
  let calls: AttemptCall[] = [call(100)];
  run.countCalls(() => calls);
  await note();
  calls = [reported];
  await note();
  calls = [reported, call(0, { call: 2 })];
  await note();
  await note();
  expect(tokens()).toEqual([[100], [50], [50, 0]]);
});

test("a guess is taken back when the call was refused", async () => {
  const { live, note, tokens } = setUp();
  const run = live.hold({ runId: "r", attempt: 1 });
  let calls = [call(0)];
  run.countCalls(() => calls);
  await note();
  calls = [call(0, { usage: null })];
  await note();
  expect(tokens()).toEqual([[0], [undefined]]);
});

test("what could not be noted is noted later, and a run that ended is not", async () => {
  const { live, note, tokens, away } = setUp();
  const run = live.hold({ runId: "r", attempt: 1 });
  run.countCalls(() => [call(7)]);
  away(true);
  await expect(note()).rejects.toThrow("away");
  away(false);
  await note();
  expect(tokens()).toEqual([[7]]);
  live.remove(run);
  run.countCalls(() => [call(70)]);
  await note();
  expect(tokens()).toEqual([[7]]);
});
