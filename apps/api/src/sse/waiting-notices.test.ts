import { expect, test } from "vitest";
import { newWaitingNotices } from "./waiting-notices.ts";

const pause = { reason: "rate_limited", until: "2026-12-01T12:00:05Z" };
const later = { ...pause, until: "2026-12-01T12:00:09Z" };

test("a run that has not been started waits while the pool does, and its reader is told each time once", () => {
  const notices = newWaitingNotices({ phase: "queued" });
  expect(notices.next(null)).toBeNull();
  notices.learn(pause);
  expect(notices.next(null)).toEqual({ type: "waiting", data: pause });
  expect(notices.next(null)).toBeNull();
  notices.learn(later);
  expect(notices.next(null)).toEqual({ type: "waiting", data: later });
});

test("a run that was released waits again, and one that a worker holds does not", () => {
  const notices = newWaitingNotices({ phase: "active" });
  notices.learn(pause);
  expect(notices.next(null)).toBeNull();
  expect(notices.next("delta")).toBeNull();
  expect(notices.next("waiting")).toEqual({ type: "waiting", data: pause });
});
