/** G1–G5, G7, G8, G10: runs end, once and finally, and readers receive the ending of the row. */
import type { Bounds, Finding } from "../check-history.ts";
import { ENDINGS, isEnding, lastRow, type RunView } from "./run-view.ts";

/** Two processes read the same clock. */
const CLOCK_MS = 50;

export function* checkEndings(run: RunView, bounds: Bounds): Generator<Finding> {
  yield* checkEnds(run, bounds);
  yield* checkEndsOnce(run);
  yield* checkStaysEnded(run);
  yield* checkAnnounced(run);
  yield* checkCancel(run, bounds);
}

function* checkEnds(run: RunView, { endWithinMs }: Bounds): Generator<Finding> {
  const row = lastRow(run);
  if (row === null) {
    yield ["G2", "it was accepted and is not in the database"];
    return;
  }
  const acceptedAt = Math.min(...run.accepted.map(({ at }) => at));
  const endedAt = run.transitions.find(({ to }) => ENDINGS.includes(to.status))?.at;
  if (endedAt === undefined) yield ["G1", `it has not ended: ${row.status}/${row.phase}`];
  else if (endedAt - acceptedAt > endWithinMs) {
    yield ["G1", `it ended after ${Math.round(endedAt - acceptedAt)} ms, not ${endWithinMs}`];
  }
  for (const { name, done } of run.readers) {
    if (done === undefined || done.how === "gave_up")
      yield ["G1", `${name} never received the ending`];
    else if (done.how === "refused") yield ["G8", `${name} was refused`];
  }
}

function* checkEndsOnce({ transitions }: RunView): Generator<Finding> {
  const endings = transitions.filter(({ to }) => ENDINGS.includes(to.status));
  if (endings.length > 1) {
    yield [
      "G3",
      `it ended ${endings.length} times: ${endings.map(({ to }) => to.status).join(", ")}`,
    ];
  }
  const revived = transitions.find(({ from }) => ENDINGS.includes(from.status));
  if (revived) yield ["G4", `it left ${revived.from.status} for ${revived.to.status}`];
}

function* checkStaysEnded({ rows }: RunView): Generator<Finding> {
  const ended = rows.flatMap(({ row }) => (row && ENDINGS.includes(row.status) ? [row] : []));
  const first = JSON.stringify(ended[0]);
  const other = ended.find((row) => JSON.stringify(row) !== first);
  if (other) yield ["G4", `its ended row changed from ${first} to ${JSON.stringify(other)}`];
}

/** The ending that a reader receives is that of the row, and comes after the row has ended. */
function* checkAnnounced(run: RunView): Generator<Finding> {
  const row = lastRow(run);
  const endedAt = run.transitions.find(({ to }) => ENDINGS.includes(to.status))?.at;
  for (const { name, events } of run.readers) {
    for (const { type, id, at, data } of events.filter(isEnding)) {
      if (type !== row?.status)
        yield ["G7", `${name} received ${type}, the row says ${row?.status}`];
      if (type === "failed" && data["code"] !== row?.errorCode) {
        yield ["G7", `${name} received ${data["code"]}, the row says ${row?.errorCode}`];
      }
      if (Number(id?.split("-")[0]) !== row?.attempt) {
        yield ["G5", `${name} received the ending ${id}, the row's attempt is ${row?.attempt}`];
      }
      if (endedAt === undefined || at < endedAt - CLOCK_MS) {
        yield ["G7", `${name} received the ending before the row had ended`];
      }
    }
  }
}

function* checkCancel(run: RunView, { cancelWithinMs }: Bounds): Generator<Finding> {
  // A reply with the ending of a run that had ended before accepted nothing.
  const accepted = run.cancels.filter(
    ({ httpStatus, runStatus }) =>
      httpStatus < 300 && runStatus !== null && runStatus !== "completed" && runStatus !== "failed",
  );
  const first = accepted[0];
  if (!first) return;
  const row = lastRow(run);
  if (row?.status !== "cancelled") {
    yield ["G10", `its cancel was accepted and it became ${row?.status}`];
  }
  const late = run.calls.find(
    ({ closedAt }) => closedAt === null || closedAt > first.at + cancelWithinMs,
  );
  if (late) {
    const after =
      late.closedAt === null ? "not at all" : `${Math.round(late.closedAt - first.at)} ms`;
    yield ["G10", `its call of the gateway was closed ${after} after the cancel`];
  }
}
