import { expect, test } from "vitest";
import { checkHistory } from "../check-history.ts";
import { COMPLETED, GOOD, submitted, USAGE } from "../good-history.ts";
import type { AttemptStored, Observation } from "../history.ts";

function stored(change: Partial<AttemptStored>): AttemptStored {
  return { ...COMPLETED, ...change };
}

function messages(more: AttemptStored, history: readonly Observation[] = GOOD): string[] {
  const others = history.filter(
    (one) => one.kind !== "attempt_stored" || one.attempt !== more.attempt,
  );
  return checkHistory([...others, more]).map(({ guarantee, message }) => `${guarantee} ${message}`);
}

test("a completed attempt is stored with what the gateway sent, no less and no more", () => {
  expect(messages(stored({}))).toEqual([]);
  expect(messages(stored({ usage: { ...USAGE, completion_tokens: 4 } }))).toEqual([
    "G12 attempt 2 is stored with 4 tokens, and not 2",
  ]);
  expect(messages(stored({ usage: { ...USAGE, completion_tokens: 1 } }))).toEqual([
    "G12 attempt 2 is stored with 1 tokens, and not 2",
  ]);
});

test("an attempt that was cut may be stored with less usage than was sent, and not with more", () => {
  const lost = { attempt: 1, outcome: "lost" };
  expect(messages(stored({ ...lost, usage: null }))).toEqual([]);
  expect(messages(stored({ ...lost, usage: { ...USAGE, completion_tokens: 5 } }))).toEqual([
    "G12 attempt 1 is stored with 5 tokens, and not between 0 and 3",
  ]);
});

test("the last attempt of a completed run is stored with the run's usage", () => {
  expect(messages(stored({ usage: { ...USAGE, total_tokens: 9 } }))).toEqual([
    "G12 attempt 2 is stored with another usage than its run",
  ]);
});

test("a gateway that was asked for a fault may report any usage", () => {
  const asked = GOOD.map((one) =>
    one.kind === "submitted" ? submitted("a", { fault: "length" }) : one,
  );
  expect(messages(stored({ usage: { ...USAGE, completion_tokens: 99 } }), asked)).toEqual([]);
});
