/** Turns the bytes of a body into server-sent events, with limits on everything that is held. */
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { OverlongBody, UnreadableStream } from "./classify-failure.ts";

export interface StreamCaps {
  /** The longest line, in characters. */
  readonly maxLineLength: number;
  /** The whole body, after decompression. */
  readonly maxBodyBytes: number;
}

/**
 * Yields each event as soon as it is complete, wherever the bytes are cut. Throws what the body
 * throws, `UnreadableStream` beyond the limit of a line, and `OverlongBody` beyond the limit of the
 * body. Calls `onBytes` whenever bytes arrive.
 */
export async function* readFrames(
  body: AsyncIterable<Uint8Array>,
  caps: StreamCaps,
  onBytes: () => void,
): AsyncGenerator<EventSourceMessage> {
  let frames: EventSourceMessage[] = [];
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent: (frame) => frames.push(frame),
    onError: refuseOverlongLines,
    maxBufferSize: caps.maxLineLength,
  });

  let receivedBytes = 0;
  for await (const bytes of body) {
    onBytes();
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* frames;
    frames = [];
    receivedBytes += bytes.byteLength;
    if (receivedBytes > caps.maxBodyBytes) {
      throw new OverlongBody(`The gateway sent more than ${caps.maxBodyBytes} bytes.`);
    }
  }
  // Some gateways close without the blank line that ends the last event. The data is JSON, so an
  // incomplete line is not mistaken for a complete one.
  parser.feed(`${decoder.decode()}\n\n`);
  yield* frames;
}

function refuseOverlongLines(error: Error & { type: string }): void {
  if (error.type === "max-buffer-size-exceeded") {
    throw new UnreadableStream("The gateway sent a line that is too long.");
  }
}
