import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { toChunkText } from "../gateway/script.ts";
import { readStream } from "../load/stream-reader.ts";

/** The part of a response that a reader uses, fed by hand. */
async function read(parts: readonly string[]) {
  const body = new PassThrough();
  let lags = 0;
  let firstTexts = 0;
  const reader = readStream(body, {
    onLag: () => {
      lags += 1;
    },
    onFirstText: () => {
      firstTexts += 1;
    },
  });
  for (const part of parts) {
    body.write(part);
    await new Promise(setImmediate);
  }
  body.end();
  await reader.ended;
  const { chunks, lost, isComplete } = reader;
  return { chunks, lost, isComplete, lags, firstTexts };
}

const whole = [0, 1, 2].map((index) => toChunkText(1000 + index, index)).join("");

test("stamps are counted once each, wherever the body is cut", async () => {
  for (let at = 1; at < whole.length; at += 1) {
    const counted = await read([whole.slice(0, at), whole.slice(at)]);
    expect(counted).toEqual({ chunks: 3, lost: 0, isComplete: true, lags: 3, firstTexts: 1 });
  }
});

test("a text that is repeated at the end adds nothing", async () => {
  expect(await read([whole, `{"output":"${whole}"}`])).toMatchObject({ chunks: 3, lags: 3 });
});

test("a chunk that is skipped is lost", async () => {
  const skipped = toChunkText(1, 0) + toChunkText(2, 3);
  expect(await read([skipped])).toMatchObject({ chunks: 2, lost: 2 });
});
