import { LiveEntry } from "@cmo/shared/stream";
import { expect, test } from "vitest";
import { createReaderPosition } from "./reader-position.ts";

const entry = (prev: string, id: string, type: string, data: object) =>
  new LiveEntry(prev, id, { type, data: JSON.stringify(data) });
const attempt = (id: string, number: number, prev = "") =>
  entry(prev, id, "attempt", { attempt: number, reset: number > 1, reason: null });
const delta = (id: string, text: string, offset: number, prev = "") =>
  entry(prev, id, "delta", { text, offset });

test("a live entry is next only when it names the last one taken, whatever its own number", () => {
  const position = createReaderPosition(null);
  expect(position.isNext(attempt("1-0", 1, "0-0"))).toBe(true);
  position.take(attempt("1-0", 1));
  expect(position.isNext(delta("1-1", "a", 0, "1-0"))).toBe(true);
  expect(position.isNext(delta("1-2", "b", 1, "1-1"))).toBe(false);
  // The end of the previous attempt may be missing before a new attempt.
  expect(position.isNext(attempt("2-0", 2, "1-5"))).toBe(false);
  expect(position.isNext(attempt("2-0", 2, "1-0"))).toBe(true);
});

test("an entry is taken once, and none from before the cursor", () => {
  const position = createReaderPosition({ attempt: 1, seq: 1 });
  expect(position.take(delta("1-1", "a", 0))).toBeNull();
  expect(position.take(delta("1-2", "b", 1))).toMatchObject({ id: "1-2", type: "delta" });
  expect(position.take(delta("1-2", "b", 1))).toBeNull();
  expect(position.last).toBe("1-2");
});

test("the text held is known from the beginning, or from the first text after a cursor", () => {
  const fresh = createReaderPosition(null);
  expect(fresh.heldText).toBe(0);
  const resumed = createReaderPosition({ attempt: 1, seq: 4 });
  expect(resumed.heldText).toBeNull();
  resumed.take(delta("1-5", "abc", 10));
  expect(resumed.heldText).toBe(13);
  resumed.take(attempt("2-0", 2));
  expect(resumed.heldText).toBe(0);
});
