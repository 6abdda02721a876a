/** G11, G12: how often the gateway is called, and the usage that is stored and sent. */
import type { Bounds, Finding } from "../check-history.ts";
import type { ObservedCall } from "../history.ts";
import { checkAttemptUsage } from "./check-attempt-usage.ts";
import { ENDINGS, lastRow, type RunView } from "./run-view.ts";

/** The gateway records a call when it has arrived; a cancel may have been accepted in the meantime. */
const UNDER_WAY_MS = 1_000;
/** The end of a connection arrives with the request if a network has held both back. */
const CLOSED_AT_ONCE_MS = 100;

export function* checkCalls(run: RunView, bounds: Bounds): Generator<Finding> {
  const { calls } = run;
  const row = lastRow(run);
  if (row?.status === "completed" && calls.length === 0) {
    yield ["G11", "it completed without a call of the gateway"];
  }
  const attempts = Map.groupBy(calls, ({ attempt }) => attempt);
  for (const [attempt, ofAttempt] of attempts) {
    const numbers = ofAttempt.map(({ call }) => call);
    if (new Set(numbers).size < numbers.length) {
      yield ["G11", `attempt ${attempt} called the gateway twice as ${numbers.join(", ")}`];
    }
    if (numbers.length > bounds.callsAnAttempt) {
      yield ["G11", `attempt ${attempt} called the gateway ${numbers.length} times`];
    }
    if (row && attempt > row.attempt) yield ["G11", `attempt ${attempt} is not the row's`];
  }
  if (row && row.attempt > bounds.attempts) yield ["G11", `it took ${row.attempt} attempts`];
  const endedAt = run.transitions.find(({ to }) => ENDINGS.includes(to.status))?.at;
  const latestAt = (endedAt ?? Infinity) + UNDER_WAY_MS;
  const late = calls.find((call) => call.receivedAt > latestAt && !wasHeldBack(call));
  if (late) yield ["G11", `attempt ${late.attempt} called the gateway after the run had ended`];
  yield* checkUsage(run);
  yield* checkAttemptUsage(run);
}

/** Sent before the end, and given up before it arrived: the gateway has not answered with a word. */
function wasHeldBack({ receivedAt, closedBy, closedAt, textSent }: ObservedCall): boolean {
  const isClosedAtOnce = (closedAt ?? Infinity) - receivedAt <= CLOSED_AT_ONCE_MS;
  return closedBy === "client" && textSent === "" && isClosedAtOnce;
}

/** The last report of the gateway, which every reader of the whole attempt has received too. */
function* checkUsage(run: RunView): Generator<Finding> {
  const row = lastRow(run);
  if (row?.status !== "completed") return;
  if (row.usage === null) yield ["G12", "it completed and its row has no usage"];
  for (const { name, events } of run.readers) {
    const received = events.findLast(
      ({ type, id }) => type === "usage" && id?.startsWith(`${row.attempt}-`),
    );
    const isSame = received === undefined || sameUsage(received.data, row.usage);
    if (!isSame) yield ["G12", `${name} received another usage than the row's`];
  }
}

function sameUsage(received: Readonly<Record<string, unknown>>, usage: object | null): boolean {
  return Object.entries(usage ?? {}).every(([name, value]) => received[name] === value);
}
