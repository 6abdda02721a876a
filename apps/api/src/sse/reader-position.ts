/** The position of a reader: the last event that it received, and the length of its text. */
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
  /** The cursor that the reader came with; null when it reads from the beginning. */
  readonly cursor: string | null;
  /** The id of the last event taken, or the cursor. */
  readonly last: string | null;
  /** In UTF-16 units; null when the reader came with a cursor and has received no text since. */
  readonly heldText: number | null;
  /** The end of the log has been read. */
  readonly endSeen: boolean;
  /** The log has lost text before the last event taken. */
  readonly isTorn: boolean;
  /** The event of an entry; null when the reader already has it, or when it is not for readers. */
  take(entry: LoggedEntry): ReaderEvent | null;
  /** True when the entry directly follows the last one taken. */
  isNext(entry: LiveEntry): boolean;
  isPast(entry: LoggedEntry): boolean;
}

export function createReaderPosition(after: Cursor | null): ReaderPosition {
  let last = after;
  let heldText = after === null ? 0 : null;
  let endSeen = false;
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
    get endSeen() {
      return endSeen;
    },
    get isTorn() {
      return isTorn;
    },
    isPast,
    // guards G8: next entry
    isNext: (entry) => entry.prev === (last === null ? BEFORE_ALL : toEventId(last)),
    take(entry) {
      // The end is a marker, not an event: it is read again until the row has been read.
      if (entry.type === "end") endSeen = true;
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

/** An unreadable entry is skipped like an unknown one: the ending compensates for it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
