import { describe, expect, test } from "vitest";
import { type CheckedGuarantee, GUARANTEE_IDS, GUARANTEES } from "../guarantees.ts";
import { checkHistory } from "./check-history.ts";
import {
  changed,
  DONE,
  event,
  FIRST,
  GOOD,
  hasId,
  isEndOf,
  isKind,
  OTHER,
  ROW,
  RUN,
  submitted,
  USAGE,
  withEvent,
  without,
  withRow,
} from "./good-history.ts";
import type { Observation } from "./history.ts";

const guarantees = (history: readonly Observation[]): CheckedGuarantee[] => [
  ...new Set(checkHistory(history).map(({ guarantee }) => guarantee)),
];

test("a good history has no violations", () => {
  expect(checkHistory(GOOD)).toEqual([]);
});

/** Each violates one guarantee, in one way. */
const BAD: readonly (readonly [CheckedGuarantee, string, readonly Observation[]])[] = [
  ["G1", "a run that did not end", without(isEndOf)],
  ["G1", "a run that ended too late", changed(isEndOf, (one) => ({ ...one, at: 900_000 }))],
  ["G1", "a reader that never received the ending", without(isKind("reader_done"))],
  ["G3", "a run that ended twice", [...GOOD, ...GOOD.filter(isEndOf)]],
  [
    "G4",
    "a row that changed after its end",
    [...GOOD, { kind: "row", at: 900, runId: RUN, row: { ...ROW, usage: null } }],
  ],
  [
    "G4",
    "a run that left its end",
    [...GOOD, { kind: "transition", at: 900, runId: RUN, from: DONE, to: FIRST }],
  ],
  ["G5", "an event of an old attempt after a newer one", withEvent("2-2", { id: "1-2" })],
  [
    "G5",
    "a new attempt that does not withdraw the old text",
    [...withEvent("2-0", { data: { attempt: 2, reset: false } })],
  ],
  ["G5", "a new attempt without its first event", without(hasId("2-0"))],
  [
    "G5",
    "a log that holds an entry of an old attempt",
    changed(isKind("log"), (one) => ({ ...one, ids: ["1-0", "2-1", "2-999999999"] })),
  ],
  [
    "G6",
    "a log with a hole",
    changed(isKind("log"), (one) => ({ ...one, ids: ["2-0", "2-2", "2-999999999"] })),
  ],
  ["G6", "a log that was not closed", changed(isKind("log"), (one) => ({ ...one, ids: ["2-0"] }))],
  ["G8", "a reader that missed an event", without(hasId("2-3"))],
  [
    "G8",
    "a reader that saw an event twice",
    [...GOOD.flatMap((one) => (hasId("2-1")(one) ? [one, one] : [one]))],
  ],
  [
    "G8",
    "a reader that received two endings",
    [...GOOD.flatMap((one) => (hasId("2-999999999")(one) ? [one, one] : [one]))],
  ],
  [
    "G8",
    "two readers that received different events",
    [...GOOD, { ...event("2-1", "delta", { text: "BAD! ", offset: 0 }), reader: "second" }],
  ],
  [
    "G9",
    "a reader whose text is not the row's",
    withEvent("2-2", {
      data: { text: "TEXT", offset: 5 },
    }),
  ],
  ["G9", "a row whose text is not the gateway's", withRow({ outputText: "best text" })],
  ["G7", "an ending that is not the row's", withRow({ status: "failed", errorCode: "internal" })],
  ["G7", "an ending that was announced too early", withEvent("2-999999999", { at: 400 })],
  [
    "G11",
    "a second call with the same number",
    [...GOOD, ...GOOD.filter((one) => one.kind === "call" && one.attempt === 2)],
  ],
  [
    "G11",
    "a call after the end",
    [...changed(isKind("call"), (one) => ({ ...one, receivedAt: 9_000 }))],
  ],
  ["G11", "a completion without a call of the gateway", without(isKind("call"))],
  ["G25", "a lost worker that is not counted", withRow({ infraRetries: 0 })],
  [
    "G17",
    "two runs for one key",
    [...GOOD, submitted("b"), { kind: "accepted", at: 100, request: "b", runId: OTHER }],
  ],
  [
    "G2",
    "an accepted run that is not in the database",
    changed(isKind("row"), (one) => (one.kind === "row" ? { ...one, row: null } : one)),
  ],
  [
    "G18",
    "a text of another tenant",
    [
      ...withEvent("2-3", { data: { ...USAGE, hint: "canary-u" } }),
      submitted("b", { tenantId: "U", key: null, canary: "canary-u" }),
    ],
  ],
  [
    "G24",
    "subscriptions that stay behind",
    changed(isKind("resource"), (one) => ({ ...one, after: 1 })),
  ],
  [
    "G10",
    "a completion after an accepted cancel",
    [
      ...GOOD,
      {
        kind: "cancel_replied",
        at: 400,
        runId: RUN,
        askedAt: 390,
        httpStatus: 202,
        runStatus: "running",
      },
    ],
  ],
  [
    "G12",
    "a usage that is not the gateway's last",
    withRow({ usage: { ...USAGE, total_tokens: 4 } }),
  ],
  ["G21", "a secret in a log", [...GOOD, { kind: "leak", at: 1, process: "api-1", secret: "KEY" }]],
  [
    "G22",
    "a readiness that is not true",
    changed(isKind("readiness"), (one) => ({ ...one, expected: false })),
  ],
  [
    "G23",
    "a process that took too long to stop",
    changed(isKind("stopped"), (one) => ({ ...one, graceMs: 10 })),
  ],
  [
    "G23",
    "a process that crashed when asked to stop",
    changed(isKind("stopped"), (one) => ({ ...one, exitCode: 1 })),
  ],
];

describe("a bad history is reported, with the guarantee that it violates", () => {
  test.each(BAD)("%s: %s", (guarantee, _title, history) => {
    expect(guarantees(history)).toContain(guarantee);
  });

  test("every guarantee that is checked in histories has a bad history", () => {
    const covered = new Set<string>(BAD.map(([guarantee]) => guarantee));
    const checked = GUARANTEE_IDS.filter((id) => GUARANTEES[id].checkedIn === "history");
    expect([...covered].sort()).toEqual(checked.toSorted());
  });
});

test("a connection to the gateway that stays open after a cancel is reported", () => {
  const cancelled = { ...DONE, status: "cancelled" };
  const history: Observation[] = [
    ...withRow({ status: "cancelled" }).map((one) =>
      isEndOf(one) && one.kind === "transition" ? { ...one, to: cancelled } : one,
    ),
    {
      kind: "cancel_replied",
      at: 200,
      runId: RUN,
      askedAt: 190,
      httpStatus: 202,
      runStatus: "running",
    },
  ];
  expect(checkHistory(history, { cancelWithinMs: 100 }).map(({ message }) => message)).toContain(
    "its call of the gateway was closed 140 ms after the cancel",
  );
});

test("a request that the network held back until it was given up is no call after the end", () => {
  const heldBack = (how: { readonly closedAt: number; readonly textSent: string }) =>
    checkHistory(
      changed(
        (one) => one.kind === "call" && one.attempt === 1,
        (one) => ({ ...one, receivedAt: 9_000, ...how }),
      ),
    ).map(({ message }) => message);
  const LATE = "attempt 1 called the gateway after the run had ended";
  expect(heldBack({ closedAt: 9_002, textSent: "" })).not.toContain(LATE);
  expect(heldBack({ closedAt: 9_200, textSent: "" })).toContain(LATE);
  expect(heldBack({ closedAt: 9_002, textSent: "half" })).toContain(LATE);
});

test("a text that the database cannot hold is compared as it is stored", () => {
  const history = changed(
    (one) => one.kind === "call" && one.attempt === 2,
    (one) => ({ ...one, textSent: "good\0text" }),
  ).map((one): Observation => {
    if (one.kind === "row") return { ...one, row: { ...ROW, outputText: "good\ufffdtext" } };
    // A character that is replaced is a token of its own.
    if (one.kind === "attempt_stored" && one.attempt === 2) {
      return { ...one, usage: { ...USAGE, completion_tokens: 3 } };
    }
    if (!hasId("2-1")(one) || one.kind !== "event") return one;
    return { ...one, data: { text: "good\ufffd", offset: 0 } };
  });
  expect(checkHistory(history)).toEqual([]);
});
