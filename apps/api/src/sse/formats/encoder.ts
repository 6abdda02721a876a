/** A format of the stream: what one connection writes for what it is told. */
import type { ReaderEvent } from "@cmo/shared/contract";

export interface Encoder<Event = ReaderEvent> {
  /** Written first. */
  readonly opening: string;
  /** Whole SSE frames; empty for events that the format has no word for. */
  encode(event: Event): string;
  /** What is left to write when no more events will come. */
  close(): string;
}

export async function* encodeEvents<Event>(
  events: AsyncIterable<Event>,
  encoder: Encoder<Event>,
): AsyncGenerator<string, void> {
  yield encoder.opening;
  for await (const event of events) yield encoder.encode(event);
  yield encoder.close();
}
