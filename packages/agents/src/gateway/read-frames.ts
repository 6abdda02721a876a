/** Turns the bytes of a body into server-sent events, with limits on everything that is held. */
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { UnreadableStream } from "./classify-failure.ts";

export interface StreamCaps {
  /** The longest line, in characters. */
  readonly maxLineLength: number;
  /** The whole body, after decompression. */
  readonly maxBodyBytes: number;
}

export interface FrameReader {
  /**
   * Passes on each event that is complete now, wherever the bytes were cut. Throws
   * `UnreadableStream` beyond the limit of a line. Bytes beyond the limit of the body are dropped.
   */
  push(bytes: Uint8Array): void;
  /** The body is longer than its limit. */
  readonly isOverlong: boolean;
  /** Passes on an event without its blank line. Nothing may be pushed afterwards. */
  end(): void;
}

export function newFrameReader(
  { maxLineLength, maxBodyBytes }: StreamCaps,
  onFrame: (frame: EventSourceMessage) => void,
): FrameReader {
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent: onFrame,
    onError: refuseOverlongLines,
    maxBufferSize: maxLineLength,
  });
  let leftBytes = maxBodyBytes;
  return {
    push(bytes) {
      const fitting = bytes.length <= leftBytes ? bytes : bytes.subarray(0, Math.max(0, leftBytes));
      leftBytes -= bytes.length;
      parser.feed(decoder.decode(fitting, { stream: true }));
    },
    get isOverlong() {
      return leftBytes < 0;
    },
    end() {
      // Some gateways close without the blank line that ends the last event. The data is JSON, so
      // an incomplete line is not mistaken for a complete one.
      parser.feed(`${decoder.decode()}\n\n`);
    },
  };
}

function refuseOverlongLines(error: Error & { type: string }): void {
  if (error.type === "max-buffer-size-exceeded") {
    throw new UnreadableStream("The gateway sent a line that is too long.");
  }
}
