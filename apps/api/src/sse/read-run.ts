/** Reads a run over one connection: its events, or `reconnect` when only the connection ends. */
import type { Cursor, ReaderEvent, Run } from "@cmo/shared/contract";
import { toEventId } from "@cmo/shared/contract";
import type { FastifyReply } from "fastify";
import type { ApiDeps } from "../api-deps.ts";
import type { Caller } from "../http/caller.ts";
import type { Source } from "./source.ts";
import { type WatchDeps, watchRun } from "./watch-run.ts";
import { whileConnected } from "./while-connected.ts";

export type ReadDeps = Pick<
  ApiDeps,
  "runLog" | "hub" | "slots" | "clock" | "drain" | "policy" | "gateway"
>;

export interface Reading {
  readonly run: Run;
  readonly caller: Caller;
  readonly reply: FastifyReply;
  readonly after?: Cursor | null;
  /** Maximum duration of the connection. The run may take longer. */
  readonly maxMs: number;
}

/** Ends after the ending of the run, or with `reconnect` when only the connection ends. */
export function readRun(
  deps: ReadDeps,
  { run, caller, reply, after = null, maxMs }: Reading,
): Source<ReaderEvent> {
  const watchDeps = toWatchDeps(deps, caller);
  return whileConnected<ReaderEvent>(deps, {
    reply,
    caller,
    maxMs,
    after: after && toEventId(after),
    watch: (signal, send) => watchRun(watchDeps, { run, after, signal }, send),
    isEnding,
  });
}

/** The dependencies of `watchRun` for one reader. */
export function toWatchDeps<Reader extends WatchDeps["reader"]>(
  { runLog: log, hub, clock, policy, gateway }: ReadDeps,
  reader: Reader,
): WatchDeps & { readonly reader: Reader } {
  return { log, hub, clock, gateway, reader, reauthorizeMs: policy.SSE_REAUTHORIZE_MS };
}

export type EndingEvent = Extract<ReaderEvent, { type: "completed" | "failed" | "cancelled" }>;

export function isEnding(event: ReaderEvent): event is EndingEvent {
  return event.type === "completed" || event.type === "failed" || event.type === "cancelled";
}
