/** Streams the events of a run, in the native format or in that of the replaced functions. */
import { catalogEntry } from "@cmo/agents/catalog";
import type { Cursor, Run } from "@cmo/shared/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { callerOf } from "../../http/caller.ts";
import { encodeEvents } from "../../sse/encode-events.ts";
import { newEventsEncoder } from "../../sse/formats/events.ts";
import { newOpenaiEncoder } from "../../sse/formats/openai.ts";
import { type ReadDeps, readRun } from "../../sse/read-run.ts";
import { toSseTiming, writeSse } from "../../sse/write-sse.ts";

export interface EventStream {
  readonly run: Run;
  readonly after: Cursor | null;
  readonly format?: "events" | "openai";
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export async function streamEvents(
  deps: ReadDeps,
  { run, after, format = "events", request, reply }: EventStream,
): Promise<FastifyReply> {
  const { policy } = deps;
  const caller = callerOf(request);
  const source = readRun(deps, { run, caller, reply, after, maxMs: policy.STREAM_MAX_MS });
  const encoder =
    format === "events" ? newEventsEncoder() : newOpenaiEncoder(run, catalogEntry(run.mode));
  reply.header("x-run-id", run.id);
  await writeSse(reply, encodeEvents(source, encoder), toSseTiming(policy));
  return reply;
}
