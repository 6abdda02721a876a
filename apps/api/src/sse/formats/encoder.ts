/** A format of the stream: encodes the events of one connection. */
import type { ReaderEvent } from "@cmo/shared/contract";

export interface Encoder<Event = ReaderEvent> {
  /** Written first. */
  readonly opening: string;
  /** Complete SSE frames; empty for events that the format does not represent. */
  encode(event: Event): string;
  /** The closing frames, after the last event. */
  close(): string;
}
