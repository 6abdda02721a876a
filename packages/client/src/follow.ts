/**
 * Follows a run to its end, over as many connections as it takes: each continues after the last event
 * that arrived. Where streams are blocked, the run is polled.
 */
import { CmoError } from "./errors.ts";
import type { Http } from "./http.ts";
import { type Reconnect, readStream } from "./read-stream.ts";
import { isEnding, type Run, type RunEvent } from "./types.ts";
import { backOffMs, pause } from "./wait.ts";

export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Connections in a row without an event, after which the run is polled meanwhile. */
const BLOCKED_AFTER = 4;
const POLL_SECONDS = 20;

interface Place {
  cursor: string | null;
  /** UTF-16 code units of the current attempt's text. */
  length: number;
  /** Connections in a row that brought nothing. */
  failures: number;
  ended: boolean;
}

export async function* follow(
  http: Http,
  runId: string,
  { signal }: FollowOptions = {},
): AsyncGenerator<RunEvent> {
  const place: Place = { cursor: null, length: 0, failures: 0, ended: false };
  while (!place.ended) {
    const before = place.cursor;
    try {
      yield* connect(http, runId, place, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof CmoError && !error.retryable && !isAboutCursor(error, place))
        throw error;
    }
    if (place.ended) return;
    place.failures = place.cursor === before ? place.failures + 1 : 0;
    if (place.failures >= BLOCKED_AFTER) yield* poll(http, runId, place, signal);
    else if (place.failures > 0) await pause(backOffMs(place.failures, Math.random()), signal);
  }
}

/** A cursor that the server does not accept is forgotten, and the stream read from its beginning. */
function isAboutCursor(error: CmoError, place: Place): boolean {
  if (error.code !== "invalid_cursor" || place.cursor === null) return false;
  place.cursor = null;
  return true;
}

async function* connect(
  http: Http,
  runId: string,
  place: Place,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent> {
  const cut = new AbortController();
  const isFromStart = place.cursor === null;
  const response = await http.send({
    path: `/v1/runs/${runId}/events`,
    headers: {
      accept: "text/event-stream",
      ...(place.cursor === null ? {} : { "last-event-id": place.cursor }),
    },
    signal: signal ? AbortSignal.any([signal, cut.signal]) : cut.signal,
  });
  if (response.status === 204) {
    yield* endingOf(await readRun(http, runId, signal), place);
    return;
  }
  let isFirst = true;
  for await (const event of readStream(response, cut)) {
    if (event.type === "reconnect") return;
    const known = take(event, place, isFromStart && isFirst && place.length > 0);
    if (known === "hole") {
      place.cursor = null;
      return;
    }
    if (event.type === "attempt") isFirst = false;
    if (known !== null) yield known;
    if (place.ended) return;
  }
}

/** The event as the caller gets it; null for what it has already, `hole` when text is missing. */
function take(
  event: Exclude<RunEvent | Reconnect, Reconnect>,
  place: Place,
  isAgain: boolean,
): RunEvent | "hole" | null {
  if (event.type === "delta") {
    if (event.offset > place.length) return "hole";
    place.cursor = event.id;
    if (event.offset < place.length) return null;
    place.length += event.text.length;
    return event;
  }
  if (event.type === "snapshot") {
    place.length = event.text.length;
    return event;
  }
  if ("id" in event && event.id) place.cursor = event.id;
  if (isEnding(event)) place.ended = true;
  if (event.type !== "attempt") return event;
  // Read again from the beginning: what the caller holds is replaced, whatever attempt it is.
  if (event.reset || isAgain) place.length = 0;
  return isAgain ? { ...event, reset: true } : event;
}

const readRun = (http: Http, runId: string, signal: AbortSignal | undefined, wait?: number) =>
  http.json<Run>({ path: `/v1/runs/${runId}`, query: { wait }, signal });

/** One long poll, between two tries to stream. */
async function* poll(
  http: Http,
  runId: string,
  place: Place,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent> {
  try {
    const run = await readRun(http, runId, signal, POLL_SECONDS);
    yield { type: "run", run };
    if (run.status !== "running") yield* endingOf(run, place);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CmoError && !error.retryable) throw error;
    await pause(backOffMs(place.failures, Math.random()), signal);
  }
}

/** The ending as the stream would have said it. */
function* endingOf(run: Run, place: Place): Generator<RunEvent> {
  place.ended = true;
  const id = `${run.attempt}-999999999`;
  yield { type: "snapshot", text: run.output_text ?? "", attempt: run.attempt };
  const { text_length } = run;
  if (run.status === "completed") {
    const { output, usage, artifacts, warnings } = run;
    const duration_ms = run.duration_ms ?? 0;
    yield { type: "completed", id, output, usage, duration_ms, artifacts, warnings, text_length };
  } else if (run.status === "failed") {
    const code = run.error_code ?? "internal";
    yield {
      type: "failed",
      id,
      code,
      error: run.error_message ?? code,
      retryable: false,
      text_length,
    };
  } else {
    yield { type: "cancelled", id, text_length };
  }
}
