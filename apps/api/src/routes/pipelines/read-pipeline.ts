/** Reads a pipeline over one connection. */
import {
  PIPELINE_END,
  type Pipeline,
  type PipelineCursor,
  type PipelineEvent,
  toEventId,
  toPipelineEventId,
} from "@cmo/shared/contract";
import type { FastifyReply } from "fastify";
import type { Caller } from "../../http/caller.ts";
import { type ReadDeps, toWatchDeps } from "../../sse/read-run.ts";
import type { Source } from "../../sse/source.ts";
import { whileConnected } from "../../sse/while-connected.ts";
import { watchPipeline } from "./watch-pipeline.ts";

export interface PipelineReading {
  readonly pipeline: Pipeline;
  readonly caller: Caller;
  readonly reply: FastifyReply;
  readonly after?: PipelineCursor | null;
  /** Maximum duration of the connection. The pipeline may take longer. */
  readonly maxMs: number;
}

/** Ends after the ending of the pipeline, or with `reconnect` when only the connection ends. */
export function readPipeline(
  deps: ReadDeps,
  { pipeline, caller, reply, after = null, maxMs }: PipelineReading,
): Source<PipelineEvent> {
  const watchDeps = toWatchDeps(deps, caller);
  return whileConnected<PipelineEvent>(deps, {
    reply,
    caller,
    maxMs,
    after: after && toPipelineEventId(after.step, toEventId(after.cursor)),
    watch: (signal, send) => watchPipeline(watchDeps, { pipeline, after, signal }, send),
    isEnding: (event) => "id" in event && event.id === PIPELINE_END,
  });
}
