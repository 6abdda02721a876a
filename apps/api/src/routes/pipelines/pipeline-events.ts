/** `GET /v1/pipelines/:id/events`: one stream for the whole chain, to be left and taken up again. */
import {
  PIPELINE_END,
  type Pipeline,
  type PipelineCursor,
  parsePipelineCursor,
} from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
import { acceptsEventStream } from "../../http/preferences.ts";
import { encodeEvents } from "../../sse/formats/encoder.ts";
import { newEventsEncoder } from "../../sse/formats/events.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import { toSseTiming, writeSse } from "../../sse/write-sse.ts";
import { describeAnswer, EVENT_STREAM, problemResponses } from "../response/openapi.ts";
import { findPipeline, pipelineParams } from "./find-pipeline.ts";
import { readPipeline } from "./read-pipeline.ts";

const querySchema = z.strictObject({
  after: z.string().optional().describe("The last id received; `Last-Event-ID` says the same."),
});

export function registerPipelineEvents(app: App, deps: ReadDeps): void {
  app.get(
    "/v1/pipelines/:id/events",
    {
      // A HEAD would open the stream and never end.
      exposeHeadRoute: false,
      schema: {
        tags: ["Pipelines"],
        summary: "Follow a pipeline",
        description:
          "Server-sent events of all its steps, from a cursor to the pipeline's end, then closed. 204 when the cursor is the end already.",
        params: pipelineParams,
        querystring: querySchema,
        response: {
          200: describeAnswer("The pipeline's events, to its end.", EVENT_STREAM),
          204: z.null().describe("There is nothing after this cursor, and never will be."),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      if (!acceptsEventStream(request.headers.accept)) {
        throw new AppError("not_acceptable", "This is a stream: accept text/event-stream.");
      }
      const pipeline = await findPipeline(request, request.params.id);
      const header = request.headers["last-event-id"];
      const text = (typeof header === "string" && header) || request.query.after;
      // The one answer after which a browser does not come back.
      if (text === PIPELINE_END && pipeline.status !== "running") return reply.code(204).send(null);

      const after = text ? readCursor(text, pipeline) : null;
      const maxMs = deps.policy.STREAM_MAX_MS;
      const caller = callerOf(request);
      const source = readPipeline(deps, { pipeline, caller, reply, after, maxMs });
      try {
        await writeSse(reply, encodeEvents(source, newEventsEncoder()), toSseTiming(deps.policy));
        return reply;
      } finally {
        await source.return();
      }
    },
  );
}

function readCursor(text: string, pipeline: Pipeline): PipelineCursor {
  const after = parsePipelineCursor(text);
  const run = after && pipeline.runs[after.step - 1];
  if (after && run && after.cursor.attempt <= run.attempt) return after;
  throw new AppError("invalid_cursor", "This is not the id of an event of this pipeline.");
}
