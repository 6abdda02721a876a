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
import { AppError, type Clock, within } from "@cmo/shared/runtime";
import type { LoggedEntry, RunHub, RunLog } from "@cmo/shared/stream";
import type { Caller } from "../http/caller.ts";
import { createLiveInbox, type LiveInbox } from "./live-inbox.ts";
import { createReaderPosition, type ReaderPosition } from "./reader-position.ts";

export interface WatchDeps {
  readonly log: RunLog;
  readonly hub: RunHub;
  readonly reader: Reader;
  readonly clock: Clock;
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
/** The same during an outage of Redis, or while an end is known but its row could not be read. */
const POLL_MS = 1000;
/** Timeout of reading the row, because events wait for it. */
const READ_ROW_MS = 2000;
/** Entries of one read of the log, so that a long log is sent in parts. */
const PAGE = 500;

export async function* watchRun(
  deps: WatchDeps,
  { run, after, signal }: WatchRequest,
): AsyncGenerator<ReaderEvent, void> {
  const position = createReaderPosition(after);
  yield { type: "run", data: run };
  if (isTerminal(run)) {
    yield* finish(deps, run, position);
    return;
  }
  const inbox = createLiveInbox(signal);
  const detach = await deps.hub.attach(run.id, inbox);
  try {
    inbox.look();
    yield* follow(deps, { runId: run.id, position, inbox, signal });
  } finally {
    detach();
    inbox.close();
  }
}

interface Following {
  readonly runId: string;
  readonly position: ReaderPosition;
  readonly inbox: LiveInbox;
  readonly signal: AbortSignal;
}

async function* follow(deps: WatchDeps, following: Following): AsyncGenerator<ReaderEvent, void> {
  const { position, inbox, signal } = following;
  let endSeen = false;
  let rowReadAt = deps.clock.now();
  let confirmedAt = rowReadAt;
  while (!signal.aborted) {
    const quietMs = endSeen || !isConnected(deps) ? POLL_MS : QUIET_MS;
    const waitMs = Math.min(quietMs, deps.reauthorizeMs);
    const news = await inbox.next(waitMs);
    let moved = false;
    for await (const entry of freshEntries(deps.log, following, news)) {
      if (entry.type === "end") endSeen = true;
      const event = position.take(entry);
      if (event === null) continue;
      moved = true;
      yield event;
      // A slow reader does not extend the duration of its connection.
      if (signal.aborted) return;
    }
    const rowIsOld = deps.clock.now() - rowReadAt >= (moved ? deps.reauthorizeMs : waitMs / 2);
    if (signal.aborted || !(endSeen || rowIsOld)) continue;

    rowReadAt = deps.clock.now();
    const isDue = rowReadAt - confirmedAt >= deps.reauthorizeMs;
    const [row, standing] = await Promise.all([
      readRow(deps, following),
      isDue ? confirmReader(deps, following) : "stands",
    ]);
    if (row === "gone" || standing === "ended") return;
    if (isDue && standing === "stands") confirmedAt = rowReadAt;
    if (row !== "unknown" && isTerminal(row)) return yield* finish(deps, row, position);
  }
}

/** The live entries if they follow the position, else the entries of the log after it. */
async function* freshEntries(
  log: RunLog,
  { runId, position }: Following,
  news: Awaited<ReturnType<LiveInbox["next"]>>,
): AsyncGenerator<LoggedEntry, void> {
  let look = news.look || news.entries.length === 0;
  for (const entry of look ? [] : news.entries) {
    if (position.isPast(entry)) continue;
    look = !position.isNext(entry);
    if (look) break;
    yield entry;
  }
  if (look) yield* loggedEntries(log, runId, position);
}

/** Ends early during an outage of Redis: the caller reads again, or reads the row. */
async function* loggedEntries(
  log: RunLog,
  runId: string,
  position: ReaderPosition,
): AsyncGenerator<LoggedEntry, void> {
  for (;;) {
    const page = await log.read(runId, position.last, PAGE).catch(() => []);
    yield* page;
    if (page.length < PAGE) return;
  }
}

/** The rest of the log if it belongs to this row, a snapshot if text is still missing, and the ending. */
async function* finish(
  { log }: WatchDeps,
  row: Run,
  position: ReaderPosition,
): AsyncGenerator<ReaderEvent, void> {
  const isLogged = await holds(log, row.id, endIdOf(row.attempt));
  if (isLogged) {
    for await (const entry of loggedEntries(log, row.id, position)) {
      const event = position.take(entry);
      if (event) yield event;
    }
  }
  // guards G8, G9: torn log
  if (!(await isWhole(log, row, { position, isLogged }))) {
    yield { type: "snapshot", data: { text: row.output_text ?? "", attempt: row.attempt } };
  }
  const ending = endingOf(row);
  if (ending) yield ending;
}

async function isWhole(
  log: RunLog,
  row: Run,
  { position, isLogged }: { position: ReaderPosition; isLogged: boolean },
): Promise<boolean> {
  const { heldText, cursor, isTorn } = position;
  if (isTorn || isOfEarlierAttempt(position, row)) return false;
  if (!isLogged) return cursor === null && row.text_length === 0 && heldText === 0;
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
  for await (const entry of loggedEntries(log, runId, position)) position.take(entry);
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
