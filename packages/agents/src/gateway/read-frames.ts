/** From a body's bytes to server-sent events, with a bound on everything that is held. */
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { OverlongBody, UnreadableStream } from "./classify-failure.ts";

export interface StreamCaps {
  /** The longest line, in characters. */
  readonly maxLineLength: number;
  /** The whole body, after decompression. */
  readonly maxBodyBytes: number;
}

/**
 * Yields each event as soon as it is whole; bytes may be cut anywhere. Throws what the body
 * throws, `UnreadableStream` past the line's cap and `OverlongBody` past the body's. `onBytes` is told of every sign of life.
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
  // Some gateways close without the blank line that ends the last event. Data is JSON, which
  // knows its own end, so half a line cannot pass for a whole one.
  parser.feed(`${decoder.decode()}\n\n`);
  yield* frames;
}

function refuseOverlongLines(error: Error & { type: string }): void {
  if (error.type === "max-buffer-size-exceeded") {
    throw new UnreadableStream("The gateway sent a line that is too long.");
  }
}
