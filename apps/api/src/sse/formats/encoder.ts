/** A format of the stream: encodes the events of one connection. */
import type { ReaderEvent } from "@cmo/shared/contract";
import type { Source } from "../source.ts";

export interface Encoder<Event = ReaderEvent> {
  /** Written first. */
  readonly opening: string;
  /** Complete SSE frames; empty for events that the format does not represent. */
  encode(event: Event): string;
  /** The closing frames, after the last event. */
  close(): string;
}

export function encodeEvents<Event>(
  events: Source<Event>,
  encoder: Encoder<Event>,
): Source<string> {
  return async (send) => {
    if (!(await send(encoder.opening))) return;
    await events((event) => send(encoder.encode(event)));
    await send(encoder.close());
  };
}
