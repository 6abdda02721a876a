import { expect, test } from "vitest";
import { measureCancels } from "./cancel-latencies.ts";
import type { Observation, ObservedRow } from "./history.ts";

const ROW: ObservedRow = {
  status: "cancelled",
  phase: "done",
  attempt: 1,
  appRetries: 0,
  infraRetries: 0,
  outputText: "half",
  truncated: false,
  errorCode: null,
  usage: null,
  cancelRequestedAt: 1_000,
  completedAt: 1_060,
};

function historyOf(runId: string, row: ObservedRow, closedAt: number): Observation[] {
  const reader = `${runId}-reader`;
  const call = { attempt: 1, call: 1, receivedAt: 500, status: 200, textSent: "half" };
  return [
    { kind: "submitted", at: 0, request: runId, tenantId: "T", key: null, canary: "", fault: null },
    { kind: "accepted", at: 100, request: runId, runId },
    { kind: "event", at: 600, reader, runId, id: "1-1", type: "delta", data: {} },
    { kind: "event", at: 1_090, reader, runId, id: "1-999999999", type: row.status, data: {} },
    { kind: "call", at: 2_000, runId, ...call, closedBy: "client", closedAt },
    { kind: "row", at: 2_000, runId, row },
  ];
}

test("the latency of a cancel is measured from when the database accepted it", () => {
  expect(measureCancels(historyOf("a", ROW, 1_040))).toEqual({
    gatewayMs: [40],
    readerMs: [90],
    rowMs: [60],
  });
});

test("a connection that was closed before has nothing to do with the cancel", () => {
  expect(measureCancels(historyOf("a", ROW, 900)).gatewayMs).toEqual([]);
});

test("runs that were not cancelled, or ended otherwise, are not counted", () => {
  const completed = { ...ROW, status: "completed" };
  const neverAsked = { ...ROW, cancelRequestedAt: null };
  const history = [...historyOf("a", completed, 1_040), ...historyOf("b", neverAsked, 1_040)];
  expect(measureCancels(history)).toEqual({ gatewayMs: [], readerMs: [], rowMs: [] });
});
