/** The native format: every event by its name, resumable at the ids that the log gave. */
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
      // Without an id, a browser keeps the last one it got: its cursor stays valid.
      const id = event.id !== undefined ? `id: ${event.id}\n` : "";
      return `${id}event: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`;
    },
    close: () => "",
  };
}
