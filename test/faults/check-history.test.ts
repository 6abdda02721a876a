import { describe, expect, test } from "vitest";
import { checkHistory, INVARIANTS, type Invariant } from "./check-history.ts";
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

const invariants = (history: readonly Observation[]): Invariant[] => [
  ...new Set(checkHistory(history).map(({ invariant }) => invariant)),
];

test("a good history breaks nothing", () => {
  expect(checkHistory(GOOD)).toEqual([]);
});

/** Each is wrong in one way, and is to be called wrong for that. */
const BAD: readonly (readonly [Invariant, string, readonly Observation[]])[] = [
  ["I1", "a run that did not end", without(isEndOf)],
  ["I1", "a run that ended too late", changed(isEndOf, (one) => ({ ...one, at: 900_000 }))],
  ["I1", "a reader that was never told the end", without(isKind("reader_done"))],
  ["I2", "a run that ended twice", [...GOOD, ...GOOD.filter(isEndOf)]],
  [
    "I3",
    "a row that changed after its end",
    [...GOOD, { kind: "row", at: 900, runId: RUN, row: { ...ROW, usage: null } }],
  ],
  [
    "I3",
    "a run that left its end",
    [...GOOD, { kind: "transition", at: 900, runId: RUN, from: DONE, to: FIRST }],
  ],
  ["I4", "an event of an old attempt after a newer one", withEvent("2-2", { id: "1-2" })],
  [
    "I4",
    "a new attempt that does not withdraw the old text",
    [...withEvent("2-0", { data: { attempt: 2, reset: false } })],
  ],
  ["I4", "a new attempt without its first event", without(hasId("2-0"))],
  [
    "I4",
    "a log that holds an entry of an old attempt",
    changed(isKind("log"), (one) => ({ ...one, ids: ["1-0", "2-1", "2-999999999"] })),
  ],
  [
    "I5",
    "a log with a hole",
    changed(isKind("log"), (one) => ({ ...one, ids: ["2-0", "2-2", "2-999999999"] })),
  ],
  ["I5", "a log that was not closed", changed(isKind("log"), (one) => ({ ...one, ids: ["2-0"] }))],
  ["I6", "a reader that missed an event", without(hasId("2-3"))],
  [
    "I6",
    "a reader that saw an event twice",
    [...GOOD.flatMap((one) => (hasId("2-1")(one) ? [one, one] : [one]))],
  ],
  [
    "I6",
    "a reader that was told two endings",
    [...GOOD.flatMap((one) => (hasId("2-999999999")(one) ? [one, one] : [one]))],
  ],
  [
    "I6",
    "two readers that were told different things",
    [...GOOD, { ...event("2-1", "delta", { text: "BAD! ", offset: 0 }), reader: "second" }],
  ],
  [
    "I7",
    "a reader whose text is not the row's",
    withEvent("2-2", {
      data: { text: "TEXT", offset: 5 },
    }),
  ],
  ["I7", "a row whose text is not the gateway's", withRow({ outputText: "best text" })],
  ["I8", "an ending that is not the row's", withRow({ status: "failed", errorCode: "internal" })],
  ["I8", "an ending that was told too early", withEvent("2-999999999", { at: 400 })],
  [
    "I9",
    "a second call with the same number",
    [...GOOD, ...GOOD.filter((one) => one.kind === "call" && one.attempt === 2)],
  ],
  [
    "I9",
    "a call after the end",
    [...changed(isKind("call"), (one) => ({ ...one, receivedAt: 9_000 }))],
  ],
  ["I9", "a completion that nobody was asked for", without(isKind("call"))],
  [
    "I10",
    "two runs for one key",
    [...GOOD, submitted("b"), { kind: "accepted", at: 100, request: "b", runId: OTHER }],
  ],
  [
    "I11",
    "an accepted run that is not in the database",
    changed(isKind("row"), (one) => (one.kind === "row" ? { ...one, row: null } : one)),
  ],
  [
    "I12",
    "a text of another tenant",
    [
      ...withEvent("2-3", { data: { ...USAGE, hint: "canary-u" } }),
      submitted("b", { tenantId: "U", key: null, canary: "canary-u" }),
    ],
  ],
  [
    "I13",
    "subscriptions that stay behind",
    changed(isKind("resource"), (one) => ({ ...one, after: 1 })),
  ],
  [
    "I14",
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
    "I15",
    "a usage that is not the gateway's last",
    withRow({ usage: { ...USAGE, total_tokens: 4 } }),
  ],
  ["I16", "a secret in a log", [...GOOD, { kind: "leak", at: 1, process: "api-1", secret: "KEY" }]],
  [
    "I17",
    "a readiness that is not true",
    changed(isKind("readiness"), (one) => ({ ...one, expected: false })),
  ],
  [
    "I18",
    "a process that took too long to stop",
    changed(isKind("stopped"), (one) => ({ ...one, graceMs: 10 })),
  ],
  [
    "I18",
    "a process that crashed when asked to stop",
    changed(isKind("stopped"), (one) => ({ ...one, exitCode: 1 })),
  ],
];

describe("a bad history is called bad, by the invariant that it breaks", () => {
  test.each(BAD)("%s: %s", (invariant, _title, history) => {
    expect(invariants(history)).toContain(invariant);
  });

  test("every invariant has at least one", () => {
    const covered = new Set(BAD.map(([invariant]) => invariant));
    expect([...covered].sort()).toEqual(Object.keys(INVARIANTS).sort());
  });
});

test("a gateway's connection that stays open after a cancel is told", () => {
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

test("a text that the database cannot hold is compared as it is stored", () => {
  const history = changed(
    (one) => one.kind === "call" && one.attempt === 2,
    (one) => ({ ...one, textSent: "good\0text" }),
  ).map((one): Observation => {
    if (one.kind === "row") return { ...one, row: { ...ROW, outputText: "good\ufffdtext" } };
    if (!hasId("2-1")(one) || one.kind !== "event") return one;
    return { ...one, data: { text: "good\ufffd", offset: 0 } };
  });
  expect(checkHistory(history)).toEqual([]);
});
