import { expect, test } from "vitest";
import { checkHistory } from "../check-history.ts";
import { COMPLETED, GOOD, LOST, withRow } from "../good-history.ts";
import type { AttemptStored, Observation } from "../history.ts";

const ANSWER = { purpose: "answer" };

function messages(
  attempts: readonly AttemptStored[],
  history: readonly Observation[] = GOOD,
): string[] {
  const without = history.filter(({ kind }) => kind !== "attempt_stored");
  return checkHistory([...without, ...attempts])
    .filter(({ guarantee }) => guarantee === "G25")
    .map(({ message }) => message);
}

test("counted attempts with the calls that they reported violate nothing", () => {
  expect(messages([LOST, COMPLETED])).toEqual([]);
});

test("a lost worker is counted", () => {
  expect(messages([LOST, COMPLETED], withRow({ infraRetries: 0 }))).toEqual([
    "1 attempts lost their worker, and 0 are counted",
  ]);
});

test("a failed attempt is counted, a drain and a rate limit are not", () => {
  const released = { ...LOST, outcome: "released" };
  expect(messages([{ ...released, reason: "gateway_error" }, COMPLETED])).toEqual([
    "1 attempts failed, and 0 are counted",
  ]);
  const counted = withRow({ appRetries: 1, infraRetries: 0 });
  expect(messages([{ ...released, reason: "gateway_error" }, COMPLETED], counted)).toEqual([]);
  const free = withRow({ infraRetries: 0 });
  expect(messages([{ ...released, reason: "drain" }, COMPLETED], free)).toEqual([]);
  expect(messages([{ ...released, reason: "rate_limited" }, COMPLETED], free)).toEqual([]);
});

test("an attempt that called the gateway is not stored as never begun", () => {
  expect(messages([{ ...LOST, reason: "reply_lost" }, COMPLETED])).toEqual([
    "attempt 1 called the gateway, and is stored as never begun",
  ]);
});

test("the ledger knows every attempt", () => {
  expect(messages([COMPLETED])).toEqual([
    "it took 2 attempts, and the ledger knows 1",
    "the gateway was called for attempt 1, which the ledger does not know",
  ]);
});

test("an attempt reports each of its calls, and makes no more than it may", () => {
  const again = GOOD.flatMap((one) =>
    one.kind === "call" && one.attempt === 2 ? [{ ...one, call: 2 }] : [],
  );
  expect(messages([LOST, COMPLETED], [...GOOD, ...again])).toEqual([
    "attempt 2 called the gateway 2 times, not 1",
  ]);
  const four = { ...COMPLETED, calls: Array.from({ length: 4 }, () => ANSWER) };
  expect(messages([LOST, four])).toEqual(["attempt 2 made 4 calls for its answer"]);
  const repaired = { ...COMPLETED, calls: [ANSWER, ANSWER, { purpose: "repair" }] };
  expect(messages([LOST, repaired])).toEqual([]);
});
