import { expect, test } from "vitest";
import { createLiveRuns } from "./live-runs.ts";

test("an abort reaches the named attempt and no other", () => {
  const live = createLiveRuns();
  const old = live.hold({ runId: "a", attempt: 1 });
  const now = live.hold({ runId: "a", attempt: 2 });
  const other = live.hold({ runId: "b", attempt: 1 });
  live.abort("a", 2, "cancelled");
  expect([old.reason(), now.reason(), other.reason()]).toEqual([null, "cancelled", null]);
  expect(now.signal.aborted).toBe(true);
});

test("the first reason is kept, except that `lost` replaces any other", () => {
  const live = createLiveRuns();
  const run = live.hold({ runId: "a", attempt: 1 });
  live.abort("a", null, "cancelled");
  live.abortAll("drain");
  expect(run.reason()).toBe("cancelled");
  live.abortAll("lost");
  expect(run.reason()).toBe("lost");
});

test("a removed run is no longer held and cannot be aborted", () => {
  const live = createLiveRuns();
  const run = live.hold({ runId: "a", attempt: 1 });
  live.remove(run);
  live.abortAll("drain");
  expect([live.size, run.reason()]).toEqual([0, null]);
});

test("the ledger's count agrees whether or not it includes a claim in flight", () => {
  const live = createLiveRuns();
  live.hold({ runId: "a", attempt: 1 });
  const claim = live.claiming();
  expect([0, 1, 2, 3].map((count) => live.agreesWith(count))).toEqual([false, true, true, false]);
  expect(live.list()).toEqual([{ runId: "a", attempt: 1 }]);
  claim.answered();
  expect([0, 1, 2].map((count) => live.agreesWith(count))).toEqual([false, true, false]);
});

test("a cancel is remembered for every claim that is not yet answered", () => {
  const live = createLiveRuns();
  const before = live.claiming();
  live.abort("a", null, "cancelled");
  live.abort("b", 1, "drain");
  const after = live.claiming();
  expect([before.wasCancelled("a"), before.wasCancelled("b")]).toEqual([true, false]);
  expect(after.wasCancelled("a")).toBe(false);
});
