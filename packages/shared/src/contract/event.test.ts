import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareCursors,
  END_SEQ,
  endIdOf,
  parseCursor,
  parseRunEvent,
  toEventId,
} from "./event.ts";

const cursors = fc.record({
  attempt: fc.integer({ min: 0, max: 999_999 }),
  seq: fc.integer({ min: 0, max: END_SEQ }),
});

describe("an event id", () => {
  test("it is parsed as it was written", () => {
    fc.assert(
      fc.property(cursors, (cursor) => {
        expect(parseCursor(toEventId(cursor))).toEqual(cursor);
      }),
    );
  });

  test.each([
    "",
    "1",
    "1-",
    "-1",
    "1-1-1",
    "01-1",
    "1-01",
    "1.0-1",
    "1-1 ",
    "+1-1",
    "1-1000000000",
    "1000000-1",
    "*",
  ])("%j is not one", (text) => {
    expect(parseCursor(text)).toBeNull();
  });

  test("a later attempt is past every event of an earlier one, its end included", () => {
    fc.assert(
      fc.property(cursors, ({ attempt, seq }) => {
        const end = parseCursor(endIdOf(attempt));
        if (end === null) throw new Error("the end has an id");
        expect(compareCursors({ attempt, seq }, end)).toBeLessThanOrEqual(0);
        expect(compareCursors({ attempt: attempt + 1, seq: 0 }, end)).toBeGreaterThan(0);
      }),
    );
  });
});

test("an unknown event is skipped, not an error", () => {
  expect(parseRunEvent("telepathy", {})).toBeNull();
  expect(parseRunEvent("delta", { text: 1 })).toBeNull();
  expect(parseRunEvent("delta", { text: "a", offset: 0 })).toEqual({
    type: "delta",
    data: { text: "a", offset: 0 },
  });
});
