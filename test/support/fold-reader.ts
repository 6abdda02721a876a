/** What a client does with a stream: the text that it holds, where it got to, and how it ended. */
import type { ReaderEvent } from "@cmo/shared/contract";

export interface Held {
  text: string;
  /** The id of the last event that had one. */
  last: string | null;
  endings: number;
}

export function newHeld(): Held {
  return { text: "", last: null, endings: 0 };
}

/** Says in words what a client must never see; null when all is well. */
export function fold(held: Held, event: ReaderEvent): string | null {
  if ("id" in event) held.last = event.id;
  switch (event.type) {
    case "attempt":
      held.text = "";
      return null;
    case "snapshot":
      held.text = event.data.text;
      return null;
    case "delta":
      if (event.data.offset > held.text.length) return `a hole before ${event.id}`;
      if (event.data.offset < held.text.length) return `a repeat at ${event.id}`;
      held.text += event.data.text;
      return null;
    case "completed":
    case "failed":
    case "cancelled":
      held.endings += 1;
      return held.endings > 1 ? "a second ending" : null;
    default:
      return null;
  }
}
