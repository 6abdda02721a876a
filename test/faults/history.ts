/**
 * What was observed while faults were played, as plain records that can be written to a file and
 * checked later. Every observation is kept; the checker decides what it means.
 */
import type { Usage } from "@cmo/shared/contract";

/** Milliseconds of the machine's clock, which the database shares. */
export type Instant = number;

/** A row at one moment. The text is kept whole, to be compared byte by byte. */
export interface ObservedRow {
  readonly status: string;
  readonly phase: string;
  readonly attempt: number;
  /** Failed attempts and lost workers, as the ledger counted them. */
  readonly appRetries: number;
  readonly infraRetries: number;
  readonly outputText: string | null;
  readonly truncated: boolean;
  readonly errorCode: string | null;
  readonly usage: Usage | null;
  readonly cancelRequestedAt: Instant | null;
  readonly completedAt: Instant | null;
}

/** One call, as the gateway recorded it. */
export interface ObservedCall {
  readonly attempt: number;
  readonly call: number;
  readonly receivedAt: Instant;
  readonly status: number | null;
  readonly textSent: string;
  readonly closedBy: "gateway" | "client" | null;
  readonly closedAt: Instant | null;
}

interface Seen {
  readonly kind: string;
  readonly at: Instant;
}

/** A client submits a run. `request` identifies the submit; `canary` is in its payload. */
export interface Submitted extends Seen {
  readonly kind: "submitted";
  readonly request: string;
  readonly tenantId: string;
  readonly key: string | null;
  readonly canary: string;
  /** The fault that the gateway was asked for; null where it should answer normally. */
  readonly fault: string | null;
}

export interface Accepted extends Seen {
  readonly kind: "accepted";
  readonly request: string;
  readonly runId: string;
}

/** Any other response. `status` is 0 when there was none, and the outcome is unknown. */
interface NotAccepted extends Seen {
  readonly kind: "not_accepted";
  readonly request: string;
  readonly status: number;
  readonly code: string | null;
}

export interface EventSeen extends Seen {
  readonly kind: "event";
  readonly reader: string;
  readonly runId: string;
  /** Null for events that are made for one connection only. */
  readonly id: string | null;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A reader is done: it received the ending, was refused, or gave up. */
export interface ReaderDone extends Seen {
  readonly kind: "reader_done";
  readonly reader: string;
  readonly runId: string;
  readonly how: "ending" | "no_content" | "refused" | "left" | "gave_up";
}

/** What a screen of the AI SDK shows when it is done. */
export interface ChatDone extends Seen {
  readonly kind: "chat_done";
  readonly reader: string;
  readonly runId: string;
  readonly how: "ended" | "left" | "gave_up";
  readonly text: string;
  readonly connections: number;
}

export interface RowSeen extends Seen {
  readonly kind: "row";
  readonly runId: string;
  /** Null when the database knows no such run. */
  readonly row: ObservedRow | null;
}

/** A row at the end, also of a run whose acceptance never reached its client. */
export interface StoredSeen extends Seen {
  readonly kind: "stored";
  readonly runId: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly key: string | null;
  readonly status: string;
}

/** What the ledger keeps of one attempt. */
export interface AttemptStored extends Seen {
  readonly kind: "attempt_stored";
  readonly runId: string;
  readonly attempt: number;
  /** Null while the attempt is running. */
  readonly outcome: string | null;
  /** Why it was released or lost; the code of a failure. */
  readonly reason: string | null;
  /** The calls that its worker reported; none for a lost worker. */
  readonly calls: readonly { readonly purpose: string }[];
  readonly usage: Usage | null;
}

/** Written by a trigger inside the database, in the transaction of the change. */
export interface Transition extends Seen {
  readonly kind: "transition";
  readonly runId: string;
  readonly from: { readonly status: string; readonly phase: string; readonly attempt: number };
  readonly to: { readonly status: string; readonly phase: string; readonly attempt: number };
}

/** The ids that the log held at the end, oldest first, with the marker of the end. */
export interface LogSeen extends Seen {
  readonly kind: "log";
  readonly runId: string;
  readonly ids: readonly string[];
}

export interface CallSeen extends Seen, ObservedCall {
  readonly kind: "call";
  readonly runId: string;
}

export interface CancelReplied extends Seen {
  readonly kind: "cancel_replied";
  readonly runId: string;
  readonly askedAt: Instant;
  readonly httpStatus: number;
  /** The status of the run in the reply. */
  readonly runStatus: string | null;
}

/** From the beginning of a fault to its end; a kill ends at once. */
interface Fault extends Seen {
  readonly kind: "fault";
  readonly what: string;
  readonly until: Instant;
}

interface Stopped extends Seen {
  readonly kind: "stopped";
  readonly process: string;
  readonly askedAt: Instant;
  readonly graceMs: number;
  readonly exitCode: number | null;
}

interface ReadinessSeen extends Seen {
  readonly kind: "readiness";
  readonly process: string;
  readonly expected: boolean;
  readonly answered: boolean;
}

/** A number that should return to its old value: subscriptions, connections. */
interface ResourceSeen extends Seen {
  readonly kind: "resource";
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

interface Leak extends Seen {
  readonly kind: "leak";
  readonly process: string;
  /** The name of the variable whose value was found. */
  readonly secret: string;
}

export type Observation =
  | Submitted
  | Accepted
  | NotAccepted
  | EventSeen
  | ReaderDone
  | ChatDone
  | RowSeen
  | StoredSeen
  | AttemptStored
  | Transition
  | LogSeen
  | CallSeen
  | CancelReplied
  | Fault
  | Stopped
  | ReadinessSeen
  | ResourceSeen
  | Leak;

export type History = readonly Observation[];

type WithoutTime<One> = One extends Seen ? Omit<One, "at"> : never;

export interface HistoryRecorder {
  readonly history: Observation[];
  /** Records an observation of this moment. */
  note(observation: WithoutTime<Observation>): void;
  /** Records an observation with its own time. */
  keep(observation: Observation): void;
}

export function now(): Instant {
  return performance.timeOrigin + performance.now();
}

export function createHistory(): HistoryRecorder {
  const history: Observation[] = [];
  return {
    history,
    note: (observation) => history.push({ ...observation, at: now() }),
    keep: (observation) => history.push(observation),
  };
}

export function seen<Kind extends Observation["kind"]>(
  history: History,
  kind: Kind,
): Extract<Observation, { kind: Kind }>[] {
  return history.filter((one): one is Extract<Observation, { kind: Kind }> => one.kind === kind);
}
