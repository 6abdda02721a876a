/** Reads a run's native stream, and folds it as the protocol says a client does. */
import { EventSourceParserStream } from "eventsource-parser/stream";

export interface ReceivedEvent {
  readonly id: string | undefined;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export async function* receiveEvents(response: Response): AsyncGenerator<ReceivedEvent, void> {
  if (!response.body) return;
  const stream = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { id, event, data } of stream) {
    yield { id, type: event ?? "message", data: JSON.parse(data) };
  }
}

/** The text that a client holds after these events. */
export function foldText(events: readonly ReceivedEvent[], text = ""): string {
  let held = text;
  for (const { type, data } of events) {
    if (type === "attempt" && data["reset"] === true) held = "";
    if (type === "snapshot") held = String(data["text"]);
    if (type === "delta" && data["offset"] === held.length) held += String(data["text"]);
  }
  return held;
}

export function isEnding({ type }: ReceivedEvent): boolean {
  return type === "completed" || type === "failed" || type === "cancelled";
}
