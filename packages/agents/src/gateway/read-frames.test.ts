import { expect, test } from "vitest";
import { readFrames } from "./read-frames.ts";

const caps = { maxLineLength: 100, maxBodyBytes: 1000 };

async function readData(pieces: readonly Uint8Array[], onBytes = () => {}) {
  const data: string[] = [];
  for await (const frame of readFrames(ReadableStream.from(pieces), caps, onBytes)) {
    data.push(frame.data);
  }
  return data;
}

test("the frames are the same wherever the bytes are cut, also within a letter", async () => {
  const bytes = Buffer.from('data: {"a":"é😀"}\r\n\r\n: alive\r\n\r\ndata:2\n\ndata: [DONE]');
  const expected = ['{"a":"é😀"}', "2", "[DONE]"];
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect(await readData([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected);
  }
  expect(await readData([...bytes].map((byte) => Buffer.of(byte)))).toEqual(expected);
});

test("a frame is yielded before the body goes on", async () => {
  let pulls = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulls += 1;
        controller.enqueue(Buffer.from(`data: ${pulls}\n\n`));
      },
    },
    { highWaterMark: 0 },
  );
  for await (const frame of readFrames(body, caps, () => {})) {
    expect(frame.data).toBe(String(pulls));
    if (pulls === 3) break;
  }
  expect(pulls).toBe(3);
});

test("every arrival of bytes is reported, also for comments", async () => {
  let signs = 0;
  await readData([Buffer.from(": a"), Buffer.from("live\n\n")], () => {
    signs += 1;
  });
  expect(signs).toBe(2);
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
  ["a body", "more than 1000 bytes", Array.from({ length: 11 }, () => Buffer.alloc(100, ":\n"))],
])("%s past its cap is refused", async (_what, message, pieces) => {
  await expect(readData(pieces)).rejects.toThrow(message);
});
