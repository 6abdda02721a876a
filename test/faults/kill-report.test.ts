import { expect, test } from "vitest";
import type { Observation, ObservedRow } from "./history.ts";
import { percentile, reportKills } from "./kill-report.ts";

const RUN = "11111111-1111-4111-8111-111111111111";
const ROW: ObservedRow = {
  status: "completed",
  phase: "done",
  attempt: 2,
  appRetries: 0,
  infraRetries: 0,
  outputText: "whole",
  truncated: false,
  errorCode: null,
  usage: null,
  cancelRequestedAt: null,
  completedAt: 0,
};

function history(ids: readonly string[], textSent = "whole"): Observation[] {
  const dataOf = (id: string) => {
    if (id === "2-0") return { attempt: 2, reset: true, reason: "worker_lost" };
    return id === "2-1" ? { text: "whole", offset: 0 } : {};
  };
  const typeOf = (id: string) => {
    if (id.endsWith("-0")) return "attempt";
    return id.endsWith("-999999999") ? "completed" : "delta";
  };
  const call = { status: 200, closedBy: null, closedAt: null, receivedAt: 0 };
  return [
    { kind: "accepted", at: 0, request: "a", runId: RUN },
    ...ids.map((id, index): Observation => {
      const event = { id, type: typeOf(id), data: dataOf(id) };
      return { kind: "event", at: index * 100, reader: "r", runId: RUN, ...event };
    }),
    { kind: "call", at: 0, runId: RUN, attempt: 2, call: 1, textSent, ...call },
    { kind: "row", at: 0, runId: RUN, row: ROW },
  ];
}

const WHOLE = ["1-0", "1-1", "2-0", "2-1", "2-2", "2-999999999"];

test("a run whose handover lost nothing is counted as exact", () => {
  expect(reportKills(history(WHOLE))).toEqual({
    runs: 1,
    terminal: 1,
    interrupted: 1,
    readers: 1,
    exactReaders: 1,
    gaps: 0,
    duplicates: 0,
    handoversMs: [100],
  });
});

test("a reader who missed an event or saw one twice is counted, and so is a wrong text", () => {
  expect(reportKills(history(WHOLE.filter((id) => id !== "2-1")))).toMatchObject({
    gaps: 1,
    exactReaders: 0,
  });
  expect(reportKills(history(["1-0", ...WHOLE])).duplicates).toBe(1);
  expect(reportKills(history(WHOLE, "other bytes")).exactReaders).toBe(0);
});

test("a percentile is one of the values, and none of none", () => {
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(percentile([3, 1, 2], 0.99)).toBe(3);
  expect(percentile([], 0.5)).toBeNull();
});
