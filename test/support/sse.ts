/** Reads event streams in tests, as they come or to their end. */
import { type EventSourceMessage, EventSourceParserStream } from "eventsource-parser/stream";

export interface SseReader {
  /** The next event for which `wanted` holds; those before it are skipped. */
  until(wanted: (event: EventSourceMessage) => boolean): Promise<EventSourceMessage>;
  /** What is left, to the end of the stream. */
  rest(): Promise<EventSourceMessage[]>;
}

export function readSse(response: Response): SseReader {
  if (!response.body) throw new Error(`The answer ${response.status} has no body`);
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  return {
    async until(wanted) {
      for (;;) {
        const { done, value } = await events.read();
        if (done) throw new Error("The stream ended before the event came");
        if (wanted(value)) return value;
      }
    },
    async rest() {
      const all: EventSourceMessage[] = [];
      for (;;) {
        const { done, value } = await events.read();
        if (done) return all;
        all.push(value);
      }
    },
  };
}
