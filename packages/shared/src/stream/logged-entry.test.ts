import { expect, test } from "vitest";
import { LiveEntry } from "./logged-entry.ts";

const entry = (type: string, data: string) => new LiveEntry("1-0", "1-1", { type, data });

test("all readers of an entry share its event", () => {
  const delta = entry("delta", '{"text":"a","offset":0}');
  expect(delta.event).toEqual({ type: "delta", id: "1-1", data: { text: "a", offset: 0 } });
  expect(delta.event).toBe(delta.event);
});

test.each([
  ["delta", "{half"],
  ["delta", '{"text":1}'],
  ["telepathy", "{}"],
])("an entry that nobody can read has no event (%s %s)", (type, data) => {
  expect(entry(type, data).event).toBeNull();
});
