import { readFileSync } from "node:fs";
import { compareCursors, parseCursor } from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { foldText, receiveEvents } from "../support/events.ts";

const recorded = readFileSync(new URL("../../docs/examples/second-attempt.sse", import.meta.url));
const events = await Array.fromAsync(receiveEvents(new Response(recorded)));

test("the documented example folds to the text that its run completed with", () => {
  const ending = events.at(-1);
  expect(ending?.type).toBe("completed");
  expect(ending?.data["output"]).toMatchObject({ message: foldText(events) });
  expect(ending?.data["text_length"]).toBe(foldText(events).length);
});

test("its ids increase, and the second attempt withdraws the first one's text", () => {
  const cursors = events.flatMap(({ id }) => (id === undefined ? [] : [parseCursor(id)]));
  cursors.slice(1).forEach((cursor, index) => {
    const previous = cursors[index];
    if (!cursor || !previous) throw new Error("every id is a cursor");
    expect(compareCursors(cursor, previous)).toBeGreaterThan(0);
  });
  expect(events.find(({ id }) => id === "2-0")?.data).toMatchObject({ reset: true });
});
