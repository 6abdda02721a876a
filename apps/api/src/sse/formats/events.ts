/**
 * The native format: events with a name, resumable at the ids of the log. Without names, the data has the type:
 * an `EventSource` hands every event to `onmessage` then.
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
      if (!isNamed) return `${id}data: ${withType(event)}\n\n`;
      return `${id}event: ${event.type}\ndata: ${toJson(event)}\n\n`;
    },
    close: () => "",
  };
}

const toSharedJson = oncePerObject((data: object) => JSON.stringify(data));

/** These can be megabytes, and readers of one run share their data. */
function toJson({ type, data }: NamedEvent): string {
  const isLarge = type === "completed" || type === "snapshot";
  return isLarge && typeof data === "object" && data !== null
    ? toSharedJson(data)
    : JSON.stringify(data);
}

/** The data is an object, which may be shared: its first member is put before the others. */
function withType(event: NamedEvent): string {
  const data = toJson(event);
  const type = `{"type":${JSON.stringify(event.type)}`;
  return data === "{}" ? `${type}}` : `${type},${data.slice(1)}`;
}
