/**
 * The events that one reader of a run receives, from its cursor to the end.
 *
 * The log holds the data, pub/sub is a hint, and the row is the truth. Guarantees:
 * 1. Every event after the cursor is delivered once and in order. Missed events are read from the
 *    log.
 * 2. At most one ending is delivered. It is made from the row, after the row has ended.
 * 3. A reader whose text cannot be completed from the log receives the whole text from the row.
 * 4. A reader who loses access receives no events after `reauthorizeMs`. An outage of Redis, the
 *    database or the session check ends no stream; only a negative answer does.
 */
import {
  type Cursor,
  endIdOf,
  endingOf,
  isTerminal,
  parseCursor,
  type ReaderEvent,
  type Run,
} from "@cmo/shared/contract";
import type { UserRuns } from "@cmo/shared/db";
import { AppError, type Clock, oncePerObject, within } from "@cmo/shared/runtime";
import type { RunHub, RunLog } from "@cmo/shared/stream";
import type { GatewayWatch } from "../gateway-watch.ts";
import type { Caller } from "../http/caller.ts";
import { createLiveInbox, type LiveInbox, type News } from "./live-inbox.ts";
import { createReaderPosition, type ReaderPosition } from "./reader-position.ts";
import { type EntryRelay, readPages, sendLive, sendLogged } from "./relay-entries.ts";
import type { Send, Taken } from "./source.ts";
import { newWaitingNotices, type WaitingNotices } from "./waiting-notices.ts";

export interface WatchDeps {
  readonly log: RunLog;
  readonly hub: RunHub;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly gateway: Pick<GatewayWatch, "onPause">;
  /** The interval at which the access of the reader is checked. */
  readonly reauthorizeMs: number;
}

interface Reader {
  /** Acts as the reader, so that reading the row also checks its access. */
  readonly runs: Pick<UserRuns, "find">;
  readonly confirmAgain: Caller["confirmAgain"];
}

export interface WatchRequest {
  readonly run: Run;
  readonly after: Cursor | null;
  readonly signal: AbortSignal;
}

/** Without any news for this long, the log and the row are read. */
const QUIET_MS = 15_000;
/**
 * The same during an outage of Redis, after a read of the log failed, or while an end is known but
 * its row could not be read.
 */
const POLL_MS = 1000;
/** Timeout of reading the row, because events wait for it. */
const READ_ROW_MS = 2000;

export async function watchRun(
  deps: WatchDeps,
  { run, after, signal }: WatchRequest,
  send: Send<ReaderEvent>,
): Promise<void> {
  const relay = { log: deps.log, runId: run.id, position: createReaderPosition(after), send };
  if (!(await send({ type: "run", data: run }))) return;
  if (isTerminal(run)) return finish(deps, relay, run);

  const inbox = createLiveInbox(signal);
  const detach = await deps.hub.attach(run.id, inbox);
  const notices = newWaitingNotices(run);
  const stopListening = deps.gateway.onPause((pause) => {
    notices.learn(pause);
    inbox.look();
  });
  try {
    inbox.look();
    const row = await follow(deps, { ...relay, inbox, notices, signal });
    if (row) await finish(deps, relay, row);
  } finally {
    stopListening();
    detach();
    inbox.close();
  }
}

interface Following extends EntryRelay {
  readonly inbox: LiveInbox;
  readonly notices: WaitingNotices;
  readonly signal: AbortSignal;
}

/** Resolves with the row when it has ended, and with null when the reader receives no ending. */
async function follow(deps: WatchDeps, following: Following): Promise<Run | null> {
  const { position, inbox, signal } = following;
  let isBehind = false;
  const onUnread = () => {
    isBehind = true;
  };
  const relay = { ...following, send: sendUntil(signal, following.send), onUnread };
  let rowReadAt = deps.clock.now();
  let confirmedAt = rowReadAt;
  while (!signal.aborted) {
    // guards G8: unread log
    const isPolling = position.endSeen || isBehind || !isConnected(deps);
    const quietMs = isPolling ? POLL_MS : QUIET_MS;
    const waitMs = Math.min(quietMs, deps.reauthorizeMs);
    await inbox.wait(waitMs);
    const { last } = position;
    isBehind = false;
    const taken = sendNews(relay, inbox.take());
    if (taken !== true && !(await taken)) return null;
    const notice = following.notices.next(position.lastType);
    if (notice && !(await relay.send(notice))) return null;
    const rowIsDueMs = position.last === last ? waitMs / 2 : deps.reauthorizeMs;
    const rowIsOld = deps.clock.now() - rowReadAt >= rowIsDueMs;
    if (signal.aborted || !(position.endSeen || rowIsOld)) continue;

    rowReadAt = deps.clock.now();
    const isDue = rowReadAt - confirmedAt >= deps.reauthorizeMs;
    const [row, standing] = await Promise.all([
      readRow(deps, following),
      isDue ? confirmReader(deps, following) : "stands",
    ]);
    if (row === "gone" || standing === "ended") return null;
    if (isDue && standing === "stands") confirmedAt = rowReadAt;
    if (row !== "unknown" && isTerminal(row)) return row;
  }
  return null;
}

/** A slow reader does not extend the duration of its connection. */
function sendUntil(signal: AbortSignal, send: Send<ReaderEvent>): Send<ReaderEvent> {
  return (event) => {
    const taken = send(event);
    if (typeof taken === "boolean") return taken && !signal.aborted;
    return taken.then((more) => more && !signal.aborted);
  };
}

/** The live entries if they follow the position, else the entries of the log after it. */
function sendNews(relay: EntryRelay, { look, entries }: News): Taken {
  return look || entries.length === 0 ? sendLogged(relay) : sendLive(relay, entries);
}

/** Both can be megabytes, and all readers who share the row receive the same. */
const sharedEndingOf = oncePerObject(endingOf);
const snapshotOf = oncePerObject(
  ({ output_text, attempt }: Run): ReaderEvent => ({
    type: "snapshot",
    data: { text: output_text ?? "", attempt },
  }),
);

/** The rest of the log if it belongs to this row, a snapshot if text is still missing, and the ending. */
async function finish({ log }: WatchDeps, relay: EntryRelay, row: Run): Promise<void> {
  const { position, send } = relay;
  const isLogged = await holds(log, row.id, endIdOf(row.attempt));
  if (isLogged && !(await sendLogged(relay))) return;
  // guards G8, G9: torn log
  if (!(await isWhole(log, row, { position, isLogged }))) {
    if (!(await send(snapshotOf(row)))) return;
  }
  const ending = sharedEndingOf(row);
  if (ending) await send(ending);
}

async function isWhole(
  log: RunLog,
  row: Run,
  { position, isLogged }: { position: ReaderPosition; isLogged: boolean },
): Promise<boolean> {
  const { heldText, cursor, isTorn } = position;
  if (isTorn || isOfEarlierAttempt(position, row)) return false;
  if (!isLogged) return cursor === null && row.text_length === 0 && heldText === 0;
  // A read failed before the end. That the log is whole says nothing of the reader then.
  // guards G8, G9: unread end
  if (!position.endSeen) return false;
  if (heldText !== null) return heldText === row.text_length;
  // The reader came with a cursor and no text followed: its text is complete if the log still
  // contains the cursor and has not lost text after it.
  if (cursor === null || !(await holds(log, row.id, cursor))) return false;
  return (await loggedTextLength(log, row.id)) === row.text_length;
}

/** The texts of two attempts can have the same length; the position distinguishes them. */
function isOfEarlierAttempt({ last }: ReaderPosition, row: Run): boolean {
  const place = last === null ? null : parseCursor(last);
  return place !== null && place.attempt < row.attempt && row.text_length > 0;
}

/** The length of the text of a reader who has read the log from its beginning. */
async function loggedTextLength(log: RunLog, runId: string): Promise<number | null> {
  const position = createReaderPosition(null);
  for await (const page of readPages({ log, runId, position })) {
    for (const entry of page) position.take(entry);
  }
  return position.heldText;
}

async function holds(log: RunLog, runId: string, id: string): Promise<boolean> {
  return log.has(runId, id).catch(() => false);
}

async function readRow(
  { reader }: WatchDeps,
  { runId, signal }: Following,
): Promise<Run | "gone" | "unknown"> {
  try {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(READ_ROW_MS)]);
    return (await reader.runs.find(runId, inTime)) ?? "gone";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code === "database_unavailable" ? "unknown" : "gone";
  }
}

/** Events wait for this too, so it has the same timeout as the row. */
async function confirmReader(
  { reader, clock }: WatchDeps,
  { signal }: Following,
): Promise<"stands" | "ended" | "unknown"> {
  return (await within(clock, READ_ROW_MS, reader.confirmAgain(), signal)) ?? "unknown";
}

function isConnected({ hub, log }: WatchDeps): boolean {
  return hub.isReady() && log.isReady();
}
