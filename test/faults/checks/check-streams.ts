/** G5, G6, G8, G9: the events of readers and the log of a run, byte by byte. */
import { END_SEQ, parseCursor } from "@cmo/shared/contract";
import type { Bounds, Finding } from "../check-history.ts";
import type { EventSeen } from "../history.ts";
import { foldEvent, isEnding, lastRow, type ReaderView, type RunView } from "./run-view.ts";

export function* checkStreams(run: RunView, bounds: Bounds): Generator<Finding> {
  for (const reader of run.readers) {
    yield* checkOrder(reader);
    yield* checkText(run, reader);
    yield* checkCoverage(run, reader);
  }
  yield* checkAgreement(run);
  yield* checkAttempts(run);
  yield* checkLog(run, bounds);
  yield* checkGatewayText(run);
}

/** Ids grow without gaps; a new attempt withdraws the old text; the ending is the last event. */
function* checkOrder({ name, events }: ReaderView): Generator<Finding> {
  let last = { attempt: 0, seq: -1 };
  let isWhole = true;
  for (const event of events) {
    if (event.type === "snapshot") isWhole = false;
    const place = event.id === null ? null : parseCursor(event.id);
    if (place === null) continue;
    if (place.attempt < last.attempt) {
      yield ["G5", `${name} saw ${event.id} after attempt ${last.attempt}`];
    } else if (place.attempt === last.attempt && place.seq <= last.seq) {
      yield ["G8", `${name} saw ${event.id} after ${last.attempt}-${last.seq}`];
    } else if (place.attempt > last.attempt) {
      if (isEnding(event)) isWhole = false;
      else yield* checkBeginning(name, event);
    } else if (place.seq !== last.seq + 1 && !isEnding(event) && isWhole) {
      yield ["G8", `${name} missed what is between ${last.attempt}-${last.seq} and ${event.id}`];
    }
    last = place;
  }
  const endings = events.filter(isEnding);
  if (endings.length > 1) yield ["G8", `${name} received ${endings.length} endings`];
  if (endings.length > 0 && !events.slice(-1).every(isEnding)) {
    yield ["G8", `${name} received an event after the ending`];
  }
}

function* checkBeginning(name: string, { id, type, data }: EventSeen): Generator<Finding> {
  if (type !== "attempt" || !id?.endsWith("-0")) {
    yield ["G5", `${name} saw ${type} ${id} before the attempt began`];
  } else if (Number(data["attempt"]) > 1 && data["reset"] !== true) {
    yield ["G5", `${name} kept the text of the attempt before at ${id}`];
  }
}

function* checkText(run: RunView, { name, events, done }: ReaderView): Generator<Finding> {
  let held = "";
  for (const event of events) {
    if (event.type === "delta" && Number(event.data["offset"]) > held.length) {
      yield [
        "G8",
        `${name} holds ${held.length} characters and received ${event.id} for a later offset`,
      ];
    }
    held = foldEvent(held, event);
  }
  const row = lastRow(run);
  if (done?.how !== "ending" || row === null) return;
  if (held !== (row.outputText ?? "")) {
    yield ["G9", `${name} holds ${held.length} characters, the row ${row.outputText?.length}`];
  }
  const announced = events.findLast(isEnding)?.data["text_length"];
  if (announced !== held.length)
    yield ["G9", `${name} holds ${held.length} characters, announced were ${announced}`];
}

/** A reader that received the ending and no snapshot has seen all events of the log. */
function* checkCoverage({ log }: RunView, { name, events, done }: ReaderView): Generator<Finding> {
  if (done?.how !== "ending" || events.some(({ type }) => type === "snapshot")) return;
  const had = new Set(events.map(({ id }) => id));
  const missed = log?.ids.find((id) => !had.has(id));
  if (missed !== undefined) yield ["G8", `${name} received the ending and never saw ${missed}`];
}

/** The same id is the same event for every reader. */
function* checkAgreement({ readers }: RunView): Generator<Finding> {
  const known = new Map<string, string>();
  for (const { name, events } of readers) {
    for (const { id, type, data } of events) {
      if (id === null) continue;
      const event = JSON.stringify([type, data]);
      const first = known.get(id) ?? event;
      known.set(id, first);
      if (first !== event) yield ["G8", `${name} saw another ${id} than those before`];
    }
  }
}

function* checkAttempts({ transitions }: RunView): Generator<Finding> {
  const back = transitions.find(({ from, to }) => to.attempt < from.attempt);
  if (back) yield ["G5", `its attempt went back from ${back.from.attempt} to ${back.to.attempt}`];
}

/** One attempt without gaps, then the end. A log that was lost may hold only the end. */
function* checkLog(run: RunView, { logsClosed }: Bounds): Generator<Finding> {
  if (!run.log) return;
  const { ids } = run.log;
  const row = lastRow(run);
  const places = ids.map((id) => parseCursor(id));
  if (logsClosed && places.at(-1)?.seq !== END_SEQ)
    yield ["G6", `its log is not closed: ${ids.at(-1)}`];
  for (const [index, place] of places.entries()) {
    const isEnd = index === places.length - 1 && place?.seq === END_SEQ;
    if (place?.attempt !== row?.attempt) yield ["G5", `its log holds ${ids[index]}`];
    else if (!isEnd && place?.seq !== index) yield ["G6", `its log has ${ids[index]} at ${index}`];
  }
}

function* checkGatewayText(run: RunView): Generator<Finding> {
  const row = lastRow(run);
  if (!row || row.outputText === null) return;
  const last = run.calls.findLast(({ attempt }) => attempt === row.attempt);
  const sent = wellFormed(last?.textSent ?? "");
  const isIt = row.status === "completed" && !row.truncated ? sent === row.outputText : null;
  if (!(isIt ?? sent.startsWith(row.outputText))) {
    yield [
      "G9",
      `its row holds ${row.outputText.length} characters that are not the ${sent.length} of the gateway`,
    ];
  }
}

/** Characters that JSON or Postgres cannot hold are replaced. */
function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}
