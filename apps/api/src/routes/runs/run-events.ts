/** `GET /v1/runs/:id/events`: the resumable stream of a run. */
import {
  type Cursor,
  compareCursors,
  END_SEQ,
  isTerminal,
  parseCursor,
  type Run,
} from "@cmo/shared/contract";
import { expectedError } from "@cmo/shared/runtime";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { acceptsEventStream } from "../../http/preferences.ts";
import { FORMAT_NAMES } from "../../sse/formats/index.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import { takeStream } from "../../sse/take-stream.ts";
import { describeAnswer, problemResponses, RUN_EVENTS, sentHeaders } from "../response/openapi.ts";
import { findRun, runParams } from "./find-run.ts";
import { streamEvents } from "./stream-events.ts";

const querySchema = z.strictObject({
  format: z.enum(FORMAT_NAMES).default("events"),
  after: z
    .string()
    .optional()
    .describe("The id of the last event received. The `Last-Event-ID` header takes precedence."),
  named: z
    .enum(["0", "1"])
    .default("1")
    .describe("With 0 the events have no name, and their data has a `type`: for `onmessage`."),
  ticket: z
    .string()
    .optional()
    .describe("Instead of the `Authorization` header, from `POST /v1/runs/{id}/ticket`."),
});

export function registerRunEvents(app: App, deps: ReadDeps): void {
  app.get(
    "/v1/runs/:id/events",
    {
      // A HEAD request would open the stream and never end.
      exposeHeadRoute: false,
      config: { takesTicket: true },
      schema: {
        tags: ["Runs"],
        operationId: "streamRunEvents",
        summary: "Stream the events of a run",
        sentHeaders: sentHeaders("Last-Event-ID"),
        description:
          "Server-sent events from a cursor to the end of the run. Returns 204 when the cursor is the end.",
        params: runParams,
        querystring: querySchema,
        response: {
          200: describeAnswer("The events of the run up to its end.", RUN_EVENTS),
          204: z.null().describe("The run has ended and no events follow this cursor."),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { format, after: query, named } = request.query;
      // Clients of OpenAI's API accept JSON, and get a stream because they asked for one.
      if (format !== "openai" && !acceptsEventStream(request.headers.accept)) {
        throw expectedError("not_acceptable");
      }
      const run = await findRun(request, request.params.id);
      const header = request.headers["last-event-id"];
      const after = readCursor(typeof header === "string" && header ? header : query, run);
      if (after && isTerminal(run) && compareCursors(after, endOf(run)) >= 0) {
        // After 204, an `EventSource` does not reconnect.
        return reply.code(204).send(null);
      }
      await takeStream(deps, { request, reply, workspaceId: run.workspace_id });
      const isNamed = named === "1";
      return streamEvents(deps, { run, after, format, isNamed, request, reply });
    },
  );
}

function endOf(run: Run): Cursor {
  return { attempt: run.attempt, seq: END_SEQ };
}

function readCursor(text: string | undefined, run: Run): Cursor | null {
  if (!text) return null;
  const cursor = parseCursor(text);
  if (cursor && cursor.attempt <= run.attempt) return cursor;
  throw expectedError("invalid_cursor");
}
