import { expect, test } from "vitest";
import { newFrameReader } from "./read-frames.ts";

const caps = { maxLineLength: 100, maxBodyBytes: 1000 };

function readData(pieces: readonly Uint8Array[]) {
  const data: string[] = [];
  const frames = newFrameReader(caps, (frame) => data.push(frame.data));
  for (const piece of pieces) frames.push(piece);
  frames.end();
  return data;
}

test("the frames are the same wherever the bytes are cut, also within a letter", () => {
  const bytes = Buffer.from('data: {"a":"é😀"}\r\n\r\n: alive\r\n\r\ndata:2\n\ndata: [DONE]');
  const expected = ['{"a":"é😀"}', "2", "[DONE]"];
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect(readData([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected);
  }
  expect(readData([...bytes].map((byte) => Buffer.of(byte)))).toEqual(expected);
});

test("a frame is passed on as soon as it is complete", () => {
  const data: string[] = [];
  const frames = newFrameReader(caps, (frame) => data.push(frame.data));
  frames.push(Buffer.from("data: 1\n"));
  expect(data).toEqual([]);
  frames.push(Buffer.from("\ndata: 2"));
  expect(data).toEqual(["1"]);
});

test.each([
  [
    "a line",
    "line that is too long",
    [Buffer.from(`data: ${"x".repeat(60)}`), Buffer.alloc(60, "x")],
  ],
  [
    "an event of many lines",
    "line that is too long",
    [Buffer.from("data: 0123456789\n".repeat(12))],
  ],
])("%s past its cap is refused", (_what, message, pieces) => {
  expect(() => readData(pieces)).toThrow(message);
});

test("what a body contains up to its limit is read, however it arrives", () => {
  const bytes = Buffer.from("data: 12345\n\n".repeat(10));
  for (const size of [1, 7, bytes.length]) {
    const data: string[] = [];
    const frames = newFrameReader({ ...caps, maxBodyBytes: 30 }, (frame) => data.push(frame.data));
    for (let at = 0; at < bytes.length; at += size) {
      expect(frames.isOverlong).toBe(at > 30);
      frames.push(bytes.subarray(at, at + size));
    }
    expect(frames.isOverlong).toBe(true);
    expect(data).toEqual(["12345", "12345"]);
  }
});
