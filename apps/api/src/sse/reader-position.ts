/** How far one reader has got: the last event it was given, and how much text it holds. */
import {
  type Cursor,
  compareCursors,
  parseCursor,
  parseRunEvent,
  type ReaderEvent,
  toEventId,
} from "@cmo/shared/contract";
import type { LiveEntry, LoggedEntry } from "@cmo/shared/stream";

const BEFORE_ALL = "0-0";

export interface ReaderPosition {
  /** Where the reader began; null when that was the beginning. */
  readonly cursor: string | null;
  /** The last event taken, or the cursor. */
  readonly last: string | null;
  /** UTF-16 units; null when the reader came with a cursor and no text has followed it. */
  readonly heldText: number | null;
  /** Text is missing before the last that was taken: the log has lost some of it. */
  readonly isTorn: boolean;
  /** What the entry says, once: null when the reader has it, or when it is not for readers. */
  take(entry: LoggedEntry): ReaderEvent | null;
  /** True when the entry comes right after the last one taken. */
  isNext(entry: LiveEntry): boolean;
  isPast(entry: LoggedEntry): boolean;
}

export function createReaderPosition(after: Cursor | null): ReaderPosition {
  let last = after;
  let heldText = after === null ? 0 : null;
  let isTorn = false;

  const isPast = (entry: LoggedEntry) => {
    const place = parseCursor(entry.id);
    return place === null || (last !== null && compareCursors(place, last) <= 0);
  };

  return {
    cursor: after && toEventId(after),
    get last() {
      return last && toEventId(last);
    },
    get heldText() {
      return heldText;
    },
    get isTorn() {
      return isTorn;
    },
    isPast,
    // guards G8: next entry
    isNext: (entry) => entry.prev === (last === null ? BEFORE_ALL : toEventId(last)),
    take(entry) {
      // The end is a marker, not an event: it is met again until the row is read.
      if (entry.type === "end" || isPast(entry)) return null;
      last = parseCursor(entry.id);
      const event = parseRunEvent(entry.type, parseJson(entry.data));
      if (event === null) return null;
      if (event.type === "attempt") {
        heldText = 0;
        isTorn = false;
      }
      if (event.type === "delta") {
        const { text, offset } = event.data;
        isTorn ||= heldText !== null && heldText !== offset;
        heldText = offset + text.length;
      }
      return { ...event, id: entry.id };
    },
  };
}

/** An entry that cannot be read is passed over like one that is not known: the ending makes up for it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
