import { describe, expect, test } from "vitest";
import { acceptsEventStream, parsePrefer, prefersEventStream } from "./preferences.ts";

describe("Prefer", () => {
  test.each([
    [undefined, { respondAsync: false, waitMs: null }],
    ["respond-async", { respondAsync: true, waitMs: null }],
    ["wait=5", { respondAsync: false, waitMs: 5000 }],
    ['Wait="5", respond-async', { respondAsync: true, waitMs: 5000 }],
    ["respond-async; wait=2", { respondAsync: true, waitMs: 2000 }],
    ["wait=9999", { respondAsync: false, waitMs: 30_000 }],
    ["wait=-1, wait=soon", { respondAsync: false, waitMs: null }],
    [["handling=lenient", "wait=1"], { respondAsync: false, waitMs: 1000 }],
  ])("%j is understood", (header, preferences) => {
    expect(parsePrefer(header, 30_000)).toEqual(preferences);
  });
});

describe("Accept", () => {
  test.each([
    ["text/event-stream", true],
    ["application/json, text/event-stream", true],
    ["text/event-stream;q=0.5, application/json", false],
    ["Text/Event-Stream; q=1", true],
    ["text/event-stream;q=0", false],
    ["*/*", false],
    ["text/*", false],
    [undefined, false],
  ])("%j asks for a stream: %j", (accept, expected) => {
    expect(prefersEventStream(accept)).toBe(expected);
  });

  test.each([
    [undefined, true],
    ["*/*", true],
    ["text/*", true],
    ["text/event-stream", true],
    ["application/json", false],
  ])("%j can take a stream: %j", (accept, expected) => {
    expect(acceptsEventStream(accept)).toBe(expected);
  });
});
