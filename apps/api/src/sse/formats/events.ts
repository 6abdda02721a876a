/**
 * The native format: events with a name, resumable at the ids of the log. Without names, an `EventSource` hands
 * every event to `onmessage`.
 */
import { oncePerObject } from "@cmo/shared/runtime";
import { SSE_RETRY_MS } from "../../policy.ts";
import type { Encoder } from "./encoder.ts";

interface NamedEvent {
  readonly id?: string;
  readonly type: string;
  readonly data: unknown;
}

export function newEventsEncoder({ isNamed = true } = {}): Encoder<NamedEvent> {
  return {
    opening: `retry: ${SSE_RETRY_MS}\n\n`,
    encode(event) {
      // Without an id, a browser keeps the last one, so its cursor remains valid.
      const id = event.id !== undefined ? `id: ${event.id}\n` : "";
      const name = isNamed ? `event: ${event.type}\n` : "";
      return `${id}${name}data: ${toJson(event)}\n\n`;
    },
    close: () => "",
  };
}

/** The type stands in the data too, for clients that see nothing else of an event. */
function toJson({ type, data }: NamedEvent): string {
  const isLarge = type === "completed" || type === "snapshot";
  const json =
    isLarge && typeof data === "object" && data !== null
      ? toSharedJson(data)
      : JSON.stringify(data);
  return json === "{}" ? `{"type":"${type}"}` : `{"type":"${type}",${json.slice(1)}`;
}

/** These can be megabytes, and readers of one run share their data. */
const toSharedJson = oncePerObject((data: object) => JSON.stringify(data));
