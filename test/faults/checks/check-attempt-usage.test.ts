import { expect, test } from "vitest";
import { checkHistory } from "../check-history.ts";
import { GOOD, RUN, submitted, USAGE } from "../good-history.ts";
import type { AttemptStored, Observation } from "../history.ts";

/** The gateway sent nine characters for the second attempt, which are three tokens. */
const SPENT = { ...USAGE, completion_tokens: 3 };

function stored(change: Partial<AttemptStored>): AttemptStored {
  const attempt = { attempt: 2, outcome: "completed", usage: SPENT };
  return { kind: "attempt_stored", at: 600, runId: RUN, ...attempt, ...change };
}

function messages(more: Observation, history: readonly Observation[] = GOOD): string[] {
  return checkHistory([...history, more]).map(
    ({ guarantee, message }) => `${guarantee} ${message}`,
  );
}

test("a completed attempt is stored with what the gateway sent, no less and no more", () => {
  expect(messages(stored({}))).toEqual([]);
  expect(messages(stored({ usage: { ...SPENT, completion_tokens: 4 } }))).toEqual([
    "G12 attempt 2 is stored with 4 tokens, and not 3",
  ]);
  expect(messages(stored({ usage: { ...SPENT, completion_tokens: 2 } }))).toEqual([
    "G12 attempt 2 is stored with 2 tokens, and not 3",
  ]);
});

test("an attempt that was cut may be stored with less usage than was sent, and not with more", () => {
  const lost = { attempt: 1, outcome: "lost" };
  expect(messages(stored({ ...lost, usage: null }))).toEqual([]);
  expect(messages(stored({ ...lost, usage: { ...SPENT, completion_tokens: 5 } }))).toEqual([
    "G12 attempt 1 is stored with 5 tokens, and not between 0 and 4",
  ]);
});

test("the last attempt of a completed run is stored with the run's usage", () => {
  expect(messages(stored({ usage: { ...SPENT, total_tokens: 9 } }))).toEqual([
    "G12 attempt 2 is stored with another usage than its run",
  ]);
});

test("a gateway that was asked for a fault may report any usage", () => {
  const asked = GOOD.map((one) =>
    one.kind === "submitted" ? submitted("a", { fault: "length" }) : one,
  );
  expect(messages(stored({ usage: { ...SPENT, completion_tokens: 99 } }), asked)).toEqual([]);
});
