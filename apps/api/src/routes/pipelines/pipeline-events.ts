/** `GET /v1/pipelines/:id/events`: one resumable stream for all steps of a pipeline. */
import {
  PIPELINE_END,
  type Pipeline,
  type PipelineCursor,
  parsePipelineCursor,
} from "@cmo/shared/contract";
import { expectedError } from "@cmo/shared/runtime";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
import { acceptsEventStream } from "../../http/preferences.ts";
import { encodeEvents } from "../../sse/encode-events.ts";
import { newEventsEncoder } from "../../sse/formats/events.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import { takeStream } from "../../sse/take-stream.ts";
import { toSseTiming, writeSse } from "../../sse/write-sse.ts";
import {
  describeAnswer,
  PIPELINE_EVENTS,
  problemResponses,
  sentHeaders,
} from "../response/openapi.ts";
import { findPipeline, pipelineParams } from "./find-pipeline.ts";
import { readPipeline } from "./read-pipeline.ts";

const querySchema = z.strictObject({
  after: z
    .string()
    .optional()
    .describe("The id of the last event received. The `Last-Event-ID` header takes precedence."),
});

export function registerPipelineEvents(app: App, deps: ReadDeps): void {
  app.get(
    "/v1/pipelines/:id/events",
    {
      // A HEAD request would open the stream and never end.
      exposeHeadRoute: false,
      schema: {
        tags: ["Pipelines"],
        operationId: "streamPipelineEvents",
        summary: "Stream the events of a pipeline",
        sentHeaders: sentHeaders("Last-Event-ID"),
        description:
          "Server-sent events of all steps, from a cursor to the end of the pipeline. Returns 204 when the cursor is the end.",
        params: pipelineParams,
        querystring: querySchema,
        response: {
          200: describeAnswer("The events of the pipeline up to its end.", PIPELINE_EVENTS),
          204: z.null().describe("The pipeline has ended and no events follow this cursor."),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      if (!acceptsEventStream(request.headers.accept)) {
        throw expectedError("not_acceptable");
      }
      const pipeline = await findPipeline(request, request.params.id);
      const header = request.headers["last-event-id"];
      const text = (typeof header === "string" && header) || request.query.after;
      // After 204, an `EventSource` does not reconnect.
      if (text === PIPELINE_END && pipeline.status !== "running") return reply.code(204).send(null);

      const after = text ? readCursor(text, pipeline) : null;
      await takeStream(deps, { request, reply, workspaceId: pipeline.workspace_id });
      const maxMs = deps.policy.STREAM_MAX_MS;
      const caller = callerOf(request);
      const source = readPipeline(deps, { pipeline, caller, reply, after, maxMs });
      await writeSse(reply, encodeEvents(source, newEventsEncoder()), toSseTiming(deps.policy));
      return reply;
    },
  );
}

function readCursor(text: string, pipeline: Pipeline): PipelineCursor {
  const after = parsePipelineCursor(text);
  const run = after && pipeline.runs[after.step - 1];
  if (after && run && after.cursor.attempt <= run.attempt) return after;
  throw expectedError("invalid_cursor");
}
