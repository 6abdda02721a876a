/** Streams the events of a run in one of the formats. */
import type { Cursor, Run } from "@cmo/shared/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { callerOf } from "../../http/caller.ts";
import { encodeEvents } from "../../sse/encode-events.ts";
import { FORMATS, type FormatName } from "../../sse/formats/index.ts";
import { type ReadDeps, readRun } from "../../sse/read-run.ts";
import { toSseTiming, writeSse } from "../../sse/write-sse.ts";

export interface EventStream {
  readonly run: Run;
  readonly after: Cursor | null;
  readonly format?: FormatName;
  /** Whether the native format names its events. */
  readonly isNamed?: boolean;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export async function streamEvents(
  deps: ReadDeps,
  { run, after, format = "events", isNamed = true, request, reply }: EventStream,
): Promise<FastifyReply> {
  const { policy } = deps;
  const caller = callerOf(request);
  const source = readRun(deps, { run, caller, reply, after, maxMs: policy.STREAM_MAX_MS });
  const { headers, newEncoder } = FORMATS[format];
  reply.headers({ ...headers, "x-run-id": run.id });
  await writeSse(reply, encodeEvents(source, newEncoder(run, { isNamed })), toSseTiming(policy));
  return reply;
}
