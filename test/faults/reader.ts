/**
 * A client that follows one run according to the stream protocol: it reconnects at its cursor, with a
 * growing pause and to the next address each time, until it receives the ending. Every event is
 * recorded.
 */
import { setTimeout as delay } from "node:timers/promises";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import type { HistoryRecorder, ReaderDone } from "./history.ts";

export interface Reader {
  readonly name: string;
  readonly runId: string;
  /** Logged events seen so far. */
  readonly count: number;
  /** Resolves when it received the ending, was refused, left or gave up. */
  readonly done: Promise<ReaderDone["how"]>;
  /** True while a stream is open; false between two connections. */
  readonly isOpen: boolean;
  /** Cuts the connection, as a closed laptop does. The reader reconnects by itself. */
  disconnect(): void;
  /** Stops reading without closing the connection. The returned function resumes. */
  stopReading(): () => void;
  /** Leaves and does not come back. */
  leave(): void;
}

export interface ReaderOptions {
  readonly name: string;
  readonly runId: string;
  readonly token: string;
  readonly urls: readonly string[];
  readonly recorder: HistoryRecorder;
  /** A connection that is silent for longer is dead. */
  readonly silenceMs: number;
  /** Called with every event, after it was recorded. */
  readonly onEvent?: (event: { readonly type: string; readonly id: string | null }) => void;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Longer than any run may take in a scenario. */
const PATIENCE_MS = 180_000;

type Visit = "ended" | "no_content" | "refused" | "cut";

export function createReader(options: ReaderOptions): Reader {
  const { name, runId, recorder } = options;
  const place: Place = { cursor: null, count: 0, isOpen: false, reading: Promise.resolve() };
  const leaving = new AbortController();
  let visit = new AbortController();

  async function follow(): Promise<ReaderDone["how"]> {
    const deadline = performance.now() + PATIENCE_MS;
    let pauseMs = FIRST_PAUSE_MS;
    for (let turn = 0; performance.now() < deadline; turn += 1) {
      if (leaving.signal.aborted) return "left";
      visit = new AbortController();
      const before = place.count;
      const outcome = await connect(options, place, { turn, visit });
      if (outcome === "ended") return "ending";
      if (outcome !== "cut") return outcome;
      pauseMs = place.count > before ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      await delay(pauseMs, undefined, { signal: leaving.signal }).catch(() => undefined);
    }
    return "gave_up";
  }

  const done = follow().then((how) => {
    recorder.note({ kind: "reader_done", reader: name, runId, how });
    return how;
  });
  return {
    name,
    runId,
    get count() {
      return place.count;
    },
    done,
    get isOpen() {
      return place.isOpen;
    },
    disconnect: () => {
      place.isOpen = false;
      visit.abort();
    },
    stopReading: () => {
      const again = Promise.withResolvers<void>();
      place.reading = again.promise;
      leaving.signal.addEventListener("abort", () => again.resolve());
      return again.resolve;
    },
    leave: () => {
      leaving.abort();
      visit.abort();
    },
  };
}

interface Place {
  cursor: string | null;
  count: number;
  /** While a stream comes through a connection. */
  isOpen: boolean;
  /** Resolved unless the reader has stopped reading. */
  reading: Promise<void>;
}

async function connect(
  { runId, token, urls, recorder, name, silenceMs, onEvent }: ReaderOptions,
  place: Place,
  { turn, visit }: { readonly turn: number; readonly visit: AbortController },
): Promise<Visit> {
  let ended = false;
  const take = ({ id: cursor, event = "message", data }: SeenMessage): void => {
    const id = cursor ?? null;
    if (id !== null) {
      place.cursor = id;
      place.count += 1;
    }
    recorder.note({ kind: "event", reader: name, runId, id, type: event, data: JSON.parse(data) });
    onEvent?.({ type: event, id });
    ended ||= event === "completed" || event === "failed" || event === "cancelled";
  };
  try {
    const response = await fetch(`${urls[turn % urls.length]}/v1/runs/${runId}/events`, {
      headers: {
        authorization: `Bearer ${token}`,
        ...(place.cursor === null ? {} : { "last-event-id": place.cursor }),
      },
      signal: AbortSignal.any([visit.signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    if (response.status === 204) return "no_content";
    if (response.status >= 400 && response.status < 500 && response.status !== 429) {
      await response.body?.cancel();
      return "refused";
    }
    if (response.status === 200) {
      place.isOpen = true;
      await receive(response, { visit, take, silenceMs, place });
    }
  } catch {
    // The connection was cut. The next one continues after the last event that arrived.
  } finally {
    place.isOpen = false;
    visit.abort();
  }
  return ended ? "ended" : "cut";
}

interface SeenMessage extends Pick<EventSourceMessage, "data"> {
  readonly id?: string | undefined;
  readonly event?: string | undefined;
}

interface Receiving {
  readonly visit: AbortController;
  readonly take: (message: SeenMessage) => void;
  readonly silenceMs: number;
  readonly place: Place;
}

async function receive(
  response: Response,
  { visit, take, silenceMs, place }: Receiving,
): Promise<void> {
  const decoder = new TextDecoder();
  const parser = createParser({ onEvent: take });
  const silence = setTimeout(() => visit.abort(), silenceMs);
  try {
    for await (const bytes of response.body ?? []) {
      parser.feed(decoder.decode(bytes, { stream: true }));
      clearTimeout(silence);
      await place.reading;
      silence.refresh();
    }
  } finally {
    clearTimeout(silence);
  }
}
