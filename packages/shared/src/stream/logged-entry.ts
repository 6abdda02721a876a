/** An entry of a run's log as readers receive it, from the log or live. */
import { parseRunEvent, type RunEvent } from "../contract/index.ts";

/** The type of an event, and its data as one line of JSON. */
export interface LogEntry {
  readonly type: string;
  readonly data: string;
}

export type LoggedEvent = RunEvent & { readonly id: string };

export class LoggedEntry implements LogEntry {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  #event: LoggedEvent | null | undefined;

  constructor(id: string, { type, data }: LogEntry) {
    this.id = id;
    this.type = type;
    this.data = data;
  }

  /**
   * Null when the entry is unknown or unreadable. Parsed for the first reader of the process, and
   * shared with the others, so it must not be changed.
   */
  get event(): LoggedEvent | null {
    if (this.#event === undefined) this.#event = toEvent(this);
    return this.#event;
  }
}

export class LiveEntry extends LoggedEntry {
  /** The id of the previous entry. */
  readonly prev: string;

  constructor(prev: string, id: string, entry: LogEntry) {
    super(id, entry);
    this.prev = prev;
  }
}

function toEvent({ id, type, data }: LoggedEntry): LoggedEvent | null {
  const event = parseRunEvent(type, parseJson(data));
  return event && { ...event, id };
}

/** An unreadable entry is skipped like an unknown one: the ending compensates for it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
