import { expect, test } from "vitest";
import { type Bounds, checkHistory } from "../check-history.ts";
import { changed, DONE, event, GOOD, isEndOf, ROW, RUN, submitted } from "../good-history.ts";
import type { Observation } from "../history.ts";

/** The good history with another ending, which row and readers agree on. */
function endedAs(status: "failed" | "cancelled", errorCode: string | null): Observation[] {
  return GOOD.map((one): Observation => {
    if (one.kind === "row") return { ...one, row: { ...ROW, status, errorCode } };
    if (isEndOf(one) && one.kind === "transition") return { ...one, to: { ...DONE, status } };
    if (one.kind !== "event" || one.type !== "completed") return one;
    return event(one.id, status, { text_length: 9, code: errorCode }, one.at);
  });
}

const FAILED = endedAs("failed", "worker_lost");
const CANCELLED = endedAs("cancelled", null);

function messages(history: readonly Observation[], bounds: Partial<Bounds> = {}): string[] {
  return checkHistory(history, bounds).map(({ guarantee, message }) => `${guarantee} ${message}`);
}

function cancel(httpStatus: number, runStatus: string | null): Observation {
  return { kind: "cancel_replied", at: 490, runId: RUN, askedAt: 480, httpStatus, runStatus };
}

test("a run that fails although its gateway works is reported, with its code", () => {
  expect(messages(FAILED)).toEqual([
    "G1 it failed with worker_lost in attempt 2, and the gateway worked",
  ]);
});

test("a run may fail when its gateway was asked to, or with a code that the fault allows", () => {
  const asked = changed(
    ({ kind }) => kind === "submitted",
    () => submitted("a", { fault: "402" }),
  );
  const failed = FAILED.map((one, index) =>
    one.kind === "submitted" ? (asked[index] ?? one) : one,
  );
  expect(messages(failed)).toEqual([]);
  expect(messages(FAILED, { mayFailWith: ["worker_lost"] })).toEqual([]);
  expect(messages(FAILED, { mayFailWith: ["expired"] })).not.toEqual([]);
});

test("a run that is cancelled without an accepted cancel is reported", () => {
  const violations = ["G10 it was cancelled without an accepted cancel"];
  expect(messages(CANCELLED)).toEqual(violations);
  expect(messages([...CANCELLED, cancel(404, null)])).toEqual(violations);
  expect(messages([...CANCELLED, cancel(202, "running")])).toEqual([]);
  expect(messages([...CANCELLED, cancel(0, null)])).toEqual([]);
});
