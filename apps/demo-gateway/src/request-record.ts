/**
 * Records requests and answers, for tests to compare with what a client received.
 *
 * Text counts as sent once it was handed to the connection. If the client leaves or the connection is
 * reset, the client may have received less, but never more or anything else.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { AttemptRef } from "@cmo/shared/contract";
import type { ChatMessage } from "./read-chat-request.ts";

export interface RecordedRequest {
  /** `<run id>-<attempt>-<call>`, as the worker sends it. Empty if the caller sent none. */
  readonly requestId: string;
  readonly receivedAt: string;
  /** Without the secret of `authorization`. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  model: string | null;
  /** The names of the body's members, in order. */
  members: readonly string[];
  messages: readonly ChatMessage[];
  /** The marker of the fault that was played. */
  fault: string | null;
  /** Null until a response began. */
  status: number | null;
  piecesSent: number;
  textSent: string;
  bytesSent: number;
  /** Which side closed the response; null while it is open. */
  closedBy: "gateway" | "client" | null;
  closedAt: string | null;
}

export interface RequestRecord {
  /** Opens an entry, which the caller keeps up to date. */
  open(headers: IncomingHttpHeaders): RecordedRequest;
  /** The requests of one run, oldest first. */
  ofRun(runId: string): readonly RecordedRequest[];
  clear(): void;
}

/** Older requests are dropped, so that a long load test does not fill the memory. */
const REQUESTS_KEPT = 1_000;

export function newRequestRecord(): RequestRecord {
  const entries: RecordedRequest[] = [];
  return {
    open(headers) {
      const entry = newEntry(headers);
      entries.push(entry);
      if (entries.length > REQUESTS_KEPT) entries.shift();
      return entry;
    },
    ofRun: (runId) => entries.filter(({ requestId }) => parseRequestId(requestId).runId === runId),
    clear: () => entries.splice(0),
  };
}

/** An id of another form counts as a run in its first attempt. */
export function parseRequestId(requestId: string): AttemptRef {
  const [, runId, attempt] = /^(.+)-(\d+)-\d+$/.exec(requestId) ?? [];
  return { runId: runId ?? requestId, attempt: attempt === undefined ? 1 : Number(attempt) };
}

function newEntry(headers: IncomingHttpHeaders): RecordedRequest {
  return {
    requestId: String(headers["x-request-id"] ?? ""),
    receivedAt: new Date().toISOString(),
    headers: headers.authorization ? { ...headers, authorization: "Bearer [hidden]" } : headers,
    model: null,
    members: [],
    messages: [],
    fault: null,
    status: null,
    piecesSent: 0,
    textSent: "",
    bytesSent: 0,
    closedBy: null,
    closedAt: null,
  };
}
