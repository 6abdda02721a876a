/** Sends the entries of a run's log to one reader, from the reader's position. */
import type { ReaderEvent } from "@cmo/shared/contract";
import type { LiveEntry, LoggedEntry, RunLog } from "@cmo/shared/stream";
import type { ReaderPosition } from "./reader-position.ts";
import type { Send, Taken } from "./source.ts";

export interface EntryRelay {
  readonly log: Pick<RunLog, "read">;
  readonly runId: string;
  readonly position: ReaderPosition;
  readonly send: Send<ReaderEvent>;
  /** The log could not be read, so the reader may be behind it. */
  readonly onUnread?: () => void;
}

/** Entries of one read of the log, so that a long log is sent in parts. */
const PAGE = 500;

/**
 * Sends the live entries that follow the position, and reads the log from the first one that does
 * not. Returns in the same turn while they follow and the reader takes them.
 */
export function sendLive(relay: EntryRelay, entries: readonly LiveEntry[]): Taken {
  const { position } = relay;
  for (const entry of entries) {
    if (!position.isNext(entry)) {
      if (position.isPast(entry)) continue;
      return sendLogged(relay);
    }
    const taken = sendEntry(relay, entry);
    if (taken === false) return false;
    // The entries up to this one are past by then.
    if (taken !== true) return taken.then((more) => more && sendLive(relay, entries));
  }
  return true;
}

/** Sends the entries of the log after the position. */
export async function sendLogged(relay: EntryRelay): Promise<boolean> {
  for await (const page of readPages(relay)) {
    for (const entry of page) {
      const taken = sendEntry(relay, entry);
      if (taken !== true && !(await taken)) return false;
    }
  }
  return true;
}

/**
 * The entries of the log after the position, which the caller moves. Ends early during an outage of
 * Redis: the caller reads again, or reads the row.
 */
export async function* readPages({
  log,
  runId,
  position,
  onUnread,
}: Omit<EntryRelay, "send">): AsyncGenerator<readonly LoggedEntry[], void> {
  for (;;) {
    const page = await log.read(runId, position.last, PAGE).catch(() => null);
    if (page === null) return onUnread?.();
    yield page;
    if (page.length < PAGE) return;
  }
}

function sendEntry({ position, send }: EntryRelay, entry: LoggedEntry): Taken {
  const event = position.take(entry);
  return event === null || send(event);
}
