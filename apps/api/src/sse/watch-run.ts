/**
 * What one reader of a run is told, from its cursor to the end.
 *
 * The log is the data, pub/sub the hint, the row the truth. Promises:
 * 1. Every event past the cursor, once, in order; what was missed is found in the log.
 * 2. At most one ending, made from the row, and only after the row has ended.
 * 3. A reader whose text cannot be made whole from the log gets it whole from the row.
 * 4. Who may no longer read is told nothing more after `reauthorizeMs`. An outage ends no stream,
 *    whether of Redis, the database or the sessions' check: only a negative answer does.
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
import { AppError, type Clock } from "@cmo/shared/runtime";
import type { LoggedEntry, RunHub, RunLog } from "@cmo/shared/stream";
import type { Caller } from "../http/caller.ts";
import { createLiveInbox, type LiveInbox } from "./live-inbox.ts";
import { createReaderPosition, type ReaderPosition } from "./reader-position.ts";

export interface WatchDeps {
  readonly log: RunLog;
  readonly hub: RunHub;
  readonly reader: Reader;
  readonly clock: Clock;
  /** How often a reader is asked whether it still may. */
  readonly reauthorizeMs: number;
}

interface Reader {
  /** Acts as the reader, so that reading the row is also asking whether it still may. */
  readonly runs: Pick<UserRuns, "find">;
  readonly confirmAgain: Caller["confirmAgain"];
}

export interface WatchRequest {
  readonly run: Run;
  readonly after: Cursor | null;
  readonly signal: AbortSignal;
}

/** How long nothing may happen before the log and the row are looked at. */
const QUIET_MS = 15_000;
/** The same while Redis is away, or while an end is known but its row could not be read. */
const POLL_MS = 1000;
/** Events wait while the row is read, so a database that hangs is not waited for. */
const READ_ROW_MS = 2000;
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
  const inbox = createLiveInbox();
  const detach = await deps.hub.attach(run.id, inbox);
  try {
    inbox.look();
    yield* follow(deps, { runId: run.id, position, inbox, signal });
  } finally {
    detach();
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
    const news = await inbox.next(waitMs, signal);
    let moved = false;
    for await (const entry of freshEntries(deps.log, following, news)) {
      if (entry.type === "end") endSeen = true;
      const event = position.take(entry);
      if (event === null) continue;
      moved = true;
      yield event;
      // A slow reader must not make its time longer than it is.
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

/** The live entries if they follow on, else what the log holds past the position. */
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

/** Ends early when Redis is away: whoever asked will ask again, or ask the row. */
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

/** The rest of the log if it is this row's, the whole text if that leaves a hole, and the ending. */
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
  // It came with a cursor and nothing followed: whole if the log still knows that place, and has
  // not lost the text that should have followed it.
  if (cursor === null || !(await holds(log, row.id, cursor))) return false;
  return (await loggedTextLength(log, row.id)) === row.text_length;
}

/** Two attempts' texts may have one length: what is held is then told from the log's last place. */
function isOfEarlierAttempt({ last }: ReaderPosition, row: Run): boolean {
  const place = last === null ? null : parseCursor(last);
  return place !== null && place.attempt < row.attempt && row.text_length > 0;
}

/** The length of the text that somebody holds who has read the log from its beginning. */
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

/** Events wait for this too, so it is not waited for longer than the row. */
async function confirmReader(
  { reader, clock }: WatchDeps,
  { signal }: Following,
): Promise<"stands" | "ended" | "unknown"> {
  const answered = new AbortController();
  const inTime = AbortSignal.any([signal, answered.signal]);
  try {
    const tooLong = clock.sleep(READ_ROW_MS, inTime).then(() => "unknown" as const);
    return await Promise.race([reader.confirmAgain(), tooLong]);
  } finally {
    answered.abort();
  }
}

function isConnected({ hub, log }: WatchDeps): boolean {
  return hub.isReady() && log.isReady();
}
