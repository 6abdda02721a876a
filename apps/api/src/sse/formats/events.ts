/** The native format: named events, resumable at the ids of the log. */
import { SSE_RETRY_MS } from "../../policy.ts";
import type { Encoder } from "./encoder.ts";

interface NamedEvent {
  readonly id?: string;
  readonly type: string;
  readonly data: unknown;
}

export function newEventsEncoder(): Encoder<NamedEvent> {
  return {
    opening: `retry: ${SSE_RETRY_MS}\n\n`,
    encode(event) {
      // Without an id, a browser keeps the last one, so its cursor remains valid.
      const id = event.id !== undefined ? `id: ${event.id}\n` : "";
      return `${id}event: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`;
    },
    close: () => "",
  };
}
