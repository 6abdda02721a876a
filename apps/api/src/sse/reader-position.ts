/** The position of a reader: the last event that it received, and the length of its text. */
import {
  type Cursor,
  compareCursors,
  parseCursor,
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
  /** The type of the last event taken; null when none was. */
  readonly lastType: string | null;
  /** The log has lost text before the last event taken. */
  readonly isTorn: boolean;
  /** The event of an entry; null when the reader already has it, or when it is not for readers. */
  take(entry: LoggedEntry): ReaderEvent | null;
  /** True when the entry directly follows the last one taken. */
  isNext(entry: LiveEntry): boolean;
  isPast(entry: LoggedEntry): boolean;
}

export function createReaderPosition(after: Cursor | null): ReaderPosition {
  const cursor = after && toEventId(after);
  let last = cursor;
  let place = after;
  let heldText = after === null ? 0 : null;
  let endSeen = false;
  let lastType: string | null = null;
  let isTorn = false;

  /** Where an entry is; null when the reader is past it. */
  const placeOf = (entry: LoggedEntry) => {
    const found = parseCursor(entry.id);
    return found === null || (place !== null && compareCursors(found, place) <= 0) ? null : found;
  };

  return {
    cursor,
    get last() {
      return last;
    },
    get heldText() {
      return heldText;
    },
    get endSeen() {
      return endSeen;
    },
    get lastType() {
      return lastType;
    },
    get isTorn() {
      return isTorn;
    },
    isPast: (entry) => placeOf(entry) === null,
    // guards G8: next entry
    isNext: (entry) => entry.prev === (last ?? BEFORE_ALL),
    take(entry) {
      // The end is a marker, not an event: it is read again until the row has been read.
      if (entry.type === "end") {
        endSeen = true;
        return null;
      }
      const found = placeOf(entry);
      if (found === null) return null;
      place = found;
      last = entry.id;
      const { event } = entry;
      lastType = entry.type;
      if (event?.type === "attempt") {
        heldText = 0;
        isTorn = false;
      }
      if (event?.type === "delta") {
        const { text, offset } = event.data;
        isTorn ||= heldText !== null && heldText !== offset;
        heldText = offset + text.length;
      }
      return event;
    },
  };
}
