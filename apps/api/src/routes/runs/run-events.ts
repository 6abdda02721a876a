/** `GET /v1/runs/:id/events`: the stream that can be left and taken up again. */

import type { Cursor } from "@cmo/shared/contract";
import { compareCursors, END_SEQ, isTerminal, parseCursor, type Run } from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { acceptsEventStream } from "../../http/preferences.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import { describeAnswer, EVENT_STREAM, problemResponses } from "../response/openapi.ts";
import { findRun, runParams } from "./find-run.ts";
import { streamEvents } from "./stream-events.ts";

const querySchema = z.strictObject({
  format: z.enum(["events", "openai"]).default("events"),
  after: z.string().optional().describe("The last id received; `Last-Event-ID` says the same."),
});

export function registerRunEvents(app: App, deps: ReadDeps): void {
  app.get(
    "/v1/runs/:id/events",
    {
      // A HEAD would open the stream and never end.
      exposeHeadRoute: false,
      schema: {
        tags: ["Runs"],
        summary: "Follow a run",
        description:
          "Server-sent events from a cursor to the run's end, then closed. 204 when the cursor is the end already.",
        params: runParams,
        querystring: querySchema,
        response: {
          200: describeAnswer("The run's events, to its end.", EVENT_STREAM),
          204: z.null().describe("There is nothing after this cursor, and never will be."),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      if (!acceptsEventStream(request.headers.accept)) {
        throw new AppError("not_acceptable", "This is a stream: accept text/event-stream.");
      }
      const run = await findRun(request, request.params.id);
      const { format, after: query } = request.query;
      const header = request.headers["last-event-id"];
      const after = readCursor(typeof header === "string" && header ? header : query, run);
      if (after && isTerminal(run) && compareCursors(after, endOf(run)) >= 0) {
        // The one answer after which a browser does not come back.
        return reply.code(204).send(null);
      }
      return streamEvents(deps, { run, after, format, request, reply });
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
  throw new AppError("invalid_cursor", "This is not the id of an event of this run.");
}
