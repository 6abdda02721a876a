/**
 * A history without violations, and ways to spoil it. A checker is only known to find a mistake
 * when it has been given one.
 */
import type { AttemptStored, Observation, ObservedRow, Submitted } from "./history.ts";

export const RUN = "11111111-1111-4111-8111-111111111111";
export const OTHER = "22222222-2222-4222-8222-222222222222";
export const USAGE = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
export const ROW: ObservedRow = {
  status: "completed",
  phase: "done",
  attempt: 2,
  appRetries: 0,
  infraRetries: 1,
  outputText: "good text",
  truncated: false,
  errorCode: null,
  usage: USAGE,
  cancelRequestedAt: null,
  completedAt: 500,
};

const QUEUED = { status: "running", phase: "queued", attempt: 0 };
export const FIRST = { status: "running", phase: "active", attempt: 1 };
const REQUEUED = { status: "running", phase: "queued", attempt: 1 };
const SECOND = { status: "running", phase: "active", attempt: 2 };
export const DONE = { status: "completed", phase: "done", attempt: 2 };

type Event = Extract<Observation, { kind: "event" }>;

export function event(id: string | null, type: string, data: Event["data"], at = 300): Event {
  return { kind: "event", at, reader: "reader", runId: RUN, id, type, data };
}

export function submitted(request: string, change: Partial<Submitted> = {}): Submitted {
  const asked = { tenantId: "T", key: "k", canary: "canary-t", fault: null };
  return { kind: "submitted", at: 0, request, ...asked, ...change };
}

const ANSWER = { purpose: "answer" };
export const LOST: AttemptStored = {
  ...{ kind: "attempt_stored", at: 600, runId: RUN, attempt: 1 },
  ...{ outcome: "lost", reason: "worker_lost", usage: null, calls: [] },
};
/** The gateway sent nine characters for it, which are three tokens. */
export const COMPLETED: AttemptStored = {
  ...{ kind: "attempt_stored", at: 600, runId: RUN, attempt: 2 },
  ...{ outcome: "completed", reason: null, calls: [ANSWER] },
  usage: USAGE,
};

/** A run whose first worker was killed, followed by one reader from beginning to end. */
export const GOOD: readonly Observation[] = [
  submitted("a"),
  { kind: "accepted", at: 100, request: "a", runId: RUN },
  { kind: "transition", at: 110, runId: RUN, from: QUEUED, to: FIRST },
  event(null, "run", {}, 120),
  event("1-0", "attempt", { attempt: 1, reset: false, reason: null }),
  event("1-1", "delta", { text: "half", offset: 0 }),
  { kind: "fault", at: 310, what: "kill", until: 310 },
  { kind: "transition", at: 320, runId: RUN, from: FIRST, to: REQUEUED },
  { kind: "transition", at: 330, runId: RUN, from: REQUEUED, to: SECOND },
  event("2-0", "attempt", { attempt: 2, reset: true, reason: "worker_lost" }),
  event("2-1", "delta", { text: "good ", offset: 0 }),
  event("2-2", "delta", { text: "text", offset: 5 }),
  event("2-3", "usage", USAGE),
  { kind: "transition", at: 500, runId: RUN, from: SECOND, to: DONE },
  event("2-999999999", "completed", { text_length: 9 }, 510),
  { kind: "reader_done", at: 511, reader: "reader", runId: RUN, how: "ending" },
  ...[1, 2].map((attempt): Observation => {
    const textSent = attempt === 1 ? "half and more" : "good text";
    const closing = { closedBy: "client", closedAt: 340 } as const;
    const call = { attempt, call: 1, receivedAt: 115, status: 200, textSent, ...closing };
    return { kind: "call", at: 600, runId: RUN, ...call };
  }),
  LOST,
  COMPLETED,
  { kind: "row", at: 600, runId: RUN, row: ROW },
  {
    kind: "log",
    at: 600,
    runId: RUN,
    ids: ["2-0", "2-1", "2-2", "2-3", "2-999999999"],
  },
  { kind: "stopped", at: 700, process: "worker-1", askedAt: 650, graceMs: 100, exitCode: 0 },
  { kind: "readiness", at: 700, process: "api-1", expected: true, answered: true },
  { kind: "resource", at: 700, name: "subscriptions", before: 0, after: 0 },
];

export function without(matches: (one: Observation) => boolean): Observation[] {
  return GOOD.filter((one) => !matches(one));
}

/** The good history with the matching observations replaced. */
export function changed(
  matches: (one: Observation) => boolean,
  change: (one: Observation) => Observation,
): Observation[] {
  return GOOD.map((one) => (matches(one) ? change(one) : one));
}

export function withRow(row: Partial<ObservedRow>): Observation[] {
  return changed(
    ({ kind }) => kind === "row",
    (one) => (one.kind === "row" ? { ...one, row: { ...ROW, ...row } } : one),
  );
}

export function withEvent(id: string, change: Partial<Event>): Observation[] {
  return changed(
    (one) => one.kind === "event" && one.id === id,
    (one) => (one.kind === "event" ? { ...one, ...change } : one),
  );
}

export const hasId = (id: string) => (one: Observation) => one.kind === "event" && one.id === id;
export const isKind = (kind: Observation["kind"]) => (one: Observation) => one.kind === kind;
export const isEndOf = (one: Observation) =>
  one.kind === "transition" && one.to.status === "completed";
