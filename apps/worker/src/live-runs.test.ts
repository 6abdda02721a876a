import { expect, test } from "vitest";
import { createLiveRuns } from "./live-runs.ts";

test("an abort reaches the attempt that is meant, and no other", () => {
  const live = createLiveRuns();
  const old = live.hold("a", 1);
  const now = live.hold("a", 2);
  const other = live.hold("b", 1);
  live.abort("a", 2, "cancelled");
  expect([old.reason(), now.reason(), other.reason()]).toEqual([null, "cancelled", null]);
  expect(now.signal.aborted).toBe(true);
});

test("the first reason stands, but a run that is lost is lost whatever else was asked", () => {
  const live = createLiveRuns();
  const run = live.hold("a", 1);
  live.abort("a", null, "cancelled");
  live.abortAll("drain");
  expect(run.reason()).toBe("cancelled");
  live.abortAll("lost");
  expect(run.reason()).toBe("lost");
});

test("what was let go is no longer held", () => {
  const live = createLiveRuns();
  const run = live.hold("a", 1);
  live.letGo(run);
  live.abortAll("drain");
  expect([live.size, run.reason()]).toEqual([0, null]);
});

test("the ledger's count agrees with ours whether or not a claim under way is in it", () => {
  const live = createLiveRuns();
  live.hold("a", 1);
  const claim = live.claiming("b");
  expect([0, 1, 2, 3].map((count) => live.agreesWith(count))).toEqual([false, true, true, false]);
  expect(live.list()).toEqual([
    { id: "a", attempt: 1 },
    { id: "b", attempt: null },
  ]);
  claim.answered();
  expect([0, 1, 2].map((count) => live.agreesWith(count))).toEqual([false, true, false]);
});

test("a cancel is not lost on a run whose claim is not yet answered", () => {
  const live = createLiveRuns();
  const [claim, other] = [live.claiming("a"), live.claiming("b")];
  live.abort("a", null, "cancelled");
  expect([claim.wasCancelled, other.wasCancelled]).toEqual([true, false]);
});
