import { expect, test } from "vitest";
import { newEventsEncoder } from "./events.ts";

test("events of the log have an id, events of the connection have none", () => {
  const encoder = newEventsEncoder();
  const delta = { type: "delta", id: "1-2", data: { text: "a\nb", offset: 0 } } as const;
  expect(encoder.encode(delta)).toBe(
    'id: 1-2\nevent: delta\ndata: {"type":"delta","text":"a\\nb","offset":0}\n\n',
  );
  const reconnect = { type: "reconnect", data: { reason: "planned", after: "1-2" } } as const;
  expect(encoder.encode(reconnect)).not.toContain("id:");
});

test("the data names the type of its event, also when it is empty", () => {
  const encoder = newEventsEncoder();
  const ended = { type: "cancelled", id: "end", data: {} } as const;
  expect(encoder.encode(ended)).toBe('id: end\nevent: cancelled\ndata: {"type":"cancelled"}\n\n');
  const snapshot = { type: "snapshot", data: { text: "a", attempt: 1 } } as const;
  expect(encoder.encode(snapshot)).toContain('data: {"type":"snapshot","text":"a","attempt":1}');
});
