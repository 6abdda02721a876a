import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { repairJson } from "./repair-json.ts";

/** Takes seconds: the time grows with the square of the length. */
const SLOW = `{${'"'.repeat(120_000)}`;

test("repairs a short text, and one that is long enough for a thread", async () => {
  const long = "x".repeat(10_000);

  expect(await repairJson(["{a: 1,}"])).toEqual(['{"a": 1}']);
  expect(await repairJson([`{a: "${long}",}`])).toEqual([`{"a": "${long}"}`]);
});

test("gives up a repair that takes too long", async () => {
  expect(await repairJson([SLOW], 50)).toEqual([null]);
});

test("does not block the event loop while it repairs a long text", async () => {
  const repairing = repairJson([SLOW], 300);
  const first = await Promise.race([repairing.then(() => "repaired"), nextTurn("another turn")]);

  expect(first).toBe("another turn");
  await repairing;
});
