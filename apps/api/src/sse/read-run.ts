/** One connection's reading of a run: its events, and word of it when the connection must end. */
import type { Cursor, ReaderEvent, Run } from "@cmo/shared/contract";
import { toEventId } from "@cmo/shared/contract";
import type { Clock } from "@cmo/shared/runtime";
import type { RunHub, RunLog } from "@cmo/shared/stream";
import type { FastifyReply } from "fastify";
import type { Drain } from "../drain.ts";
import type { Caller } from "../http/caller.ts";
import type { Policy } from "../policy.ts";
import { watchRun } from "./watch-run.ts";
import { whileConnected } from "./while-connected.ts";

export interface ReadDeps {
  readonly runLog: RunLog;
  readonly hub: RunHub;
  readonly clock: Clock;
  readonly drain: Drain;
  readonly policy: Policy;
}

export interface Reading {
  readonly run: Run;
  readonly caller: Caller;
  readonly reply: FastifyReply;
  readonly after?: Cursor | null;
  /** The connection's time; the run may take longer. */
  readonly maxMs: number;
}

/** Ends after the run's ending; with `reconnect` when only the connection ends. */
export function readRun(
  deps: ReadDeps,
  { run, caller, reply, after = null, maxMs }: Reading,
): AsyncGenerator<ReaderEvent, void> {
  const { runLog: log, hub, clock, policy } = deps;
  const source = { log, hub, clock, reader: caller, reauthorizeMs: policy.SSE_REAUTHORIZE_MS };
  return whileConnected<ReaderEvent>(deps, {
    reply,
    caller,
    maxMs,
    after: after && toEventId(after),
    events: (signal) => watchRun(source, { run, after, signal }),
    isEnding,
  });
}

export type EndingEvent = Extract<ReaderEvent, { type: "completed" | "failed" | "cancelled" }>;

export function isEnding(event: ReaderEvent): event is EndingEvent {
  return event.type === "completed" || event.type === "failed" || event.type === "cancelled";
}
