/** G1–G4, G7, G2, G10: that runs end, once, for good, and as their readers were told. */
import type { Bounds, Finding } from "../check-history.ts";
import { ENDINGS, isEnding, lastRow, type RunView } from "./run-view.ts";

/** The same clock is read by two processes. */
const CLOCK_MS = 50;

export function* checkEndings(run: RunView, bounds: Bounds): Generator<Finding> {
  yield* checkEnds(run, bounds);
  yield* checkEndsOnce(run);
  yield* checkStaysEnded(run);
  yield* checkTold(run);
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
      yield ["G1", `${name} was never told the end`];
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

/** What a reader is told as the end is what the row says, and not before the row says it. */
function* checkTold(run: RunView): Generator<Finding> {
  const row = lastRow(run);
  const endedAt = run.transitions.find(({ to }) => ENDINGS.includes(to.status))?.at;
  for (const { name, events } of run.readers) {
    for (const { type, id, at, data } of events.filter(isEnding)) {
      if (type !== row?.status)
        yield ["G7", `${name} was told ${type}, the row says ${row?.status}`];
      if (type === "failed" && data["code"] !== row?.errorCode) {
        yield ["G7", `${name} was told ${data["code"]}, the row says ${row?.errorCode}`];
      }
      if (Number(id?.split("-")[0]) !== row?.attempt) {
        yield ["G5", `${name} was told the end of ${id}, the row's attempt is ${row?.attempt}`];
      }
      if (endedAt === undefined || at < endedAt - CLOCK_MS) {
        yield ["G7", `${name} was told the end before the row had ended`];
      }
    }
  }
}

function* checkCancel(run: RunView, { cancelWithinMs }: Bounds): Generator<Finding> {
  // A reply that says how the run had ended already accepted nothing.
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
