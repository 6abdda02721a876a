import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { createJsonRepairer, type JsonRepairer, type RepairLimits } from "./repair-json.ts";

/** Takes seconds: the time grows with the square of the length. */
const SLOW = `{${'"'.repeat(120_000)}`;
const LONG = `{a: "${"x".repeat(10_000)}",}`;
const REPAIRED = `{"a": "${"x".repeat(10_000)}"}`;
const never = new AbortController().signal;

const repairers: JsonRepairer[] = [];
afterEach(() => Promise.all(repairers.splice(0).map((one) => one.close())));

function open(limits?: Partial<RepairLimits>): JsonRepairer {
  const repairer = createJsonRepairer(limits);
  repairers.push(repairer);
  return repairer;
}

test("repairs a short text, and one that is long enough for a thread", async () => {
  const { repair } = open();
  expect(await repair(["{a: 1,}"], never)).toEqual(['{"a": 1}']);
  expect(await repair([LONG], never)).toEqual([REPAIRED]);
});

test("gives up a repair that takes too long", async () => {
  expect(await open({ threadMs: 50 }).repair([SLOW], never)).toEqual([null]);
});

test("does not block the event loop while it repairs a long text", async () => {
  const repairing = open({ threadMs: 300 }).repair([SLOW], never);
  const first = await Promise.race([repairing.then(() => "repaired"), nextTurn("another turn")]);

  expect(first).toBe("another turn");
  await repairing;
});

test("has at most so many threads; further repairs wait for them, and short ones do not", async () => {
  const { repair } = open({ threads: 1, threadMs: 60_000 });
  const stop = new AbortController();
  const order: string[] = [];
  const slow = repair([SLOW], stop.signal).then((texts) => order.push(`slow ${texts}`));
  const waiting = repair([LONG], never).then(([text]) => order.push(`waited ${text === REPAIRED}`));
  expect(await repair(["{a: 1,}"], never)).toEqual(['{"a": 1}']);
  // Another repairer repairs the same text twice: the one that waits has had time to be repaired.
  for (const other of [open(), open()]) await other.repair([LONG], never);
  expect(order).toEqual([]);

  stop.abort();
  await Promise.all([slow, waiting]);
  expect(order).toEqual(["slow ", "waited true"]);
});

test("an abort ends a repair, and the waiting for one, at once", async () => {
  const { repair } = open({ threads: 1, threadMs: 60_000 });
  const stop = new AbortController();
  const both = [repair([SLOW], stop.signal), repair([SLOW, LONG], stop.signal)];
  stop.abort();
  expect(await Promise.all(both)).toEqual([[null], [null, null]]);
});

test("ends its threads when it is closed, and begins no others", async () => {
  const repairer = open({ threads: 1, threadMs: 60_000 });
  const both = [repairer.repair([SLOW], never), repairer.repair([LONG], never)];
  await repairer.close();
  expect(await Promise.all(both)).toEqual([[null], [null]]);
  expect(await repairer.repair([LONG], never)).toEqual([null]);
});
