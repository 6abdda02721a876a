/** Parts of the OpenAPI document that several routes share. */
import {
  pipelineStreamEventSchema,
  problemSchema,
  runStreamEventSchema,
} from "@cmo/shared/contract";
import { z } from "zod";

type Content = Readonly<Record<string, z.ZodType>>;

/** A response with several content types, or with another one than JSON. */
export function describeAnswer(description: string, content: Content) {
  return {
    description,
    content: Object.fromEntries(
      Object.entries(content).map(([type, schema]) => [type, { schema }]),
    ),
  };
}

/** The `data` of each event. docs/stream-protocol.md and docs/pipelines.md describe their order. */
export const RUN_EVENTS: Content = { "text/event-stream": runStreamEventSchema };
export const PIPELINE_EVENTS: Content = { "text/event-stream": pipelineStreamEventSchema };
/** Chunks of OpenAI's API, whose schema is OpenAI's. */
export const CHUNKS: Content = { "text/event-stream": z.string() };

/** The headers that routes read themselves. A key has no example: pasted twice, it would be refused. */
const HEADERS = {
  "Idempotency-Key": {
    type: "string",
    description:
      "Names the request: a repeat with the same key returns what the first one made, for a day.",
  },
  "X-Workspace-Id": {
    type: "string",
    description: "The workspace, where the request does not name one.",
  },
  Prefer: {
    type: "string",
    description:
      "`wait=20` waits up to 20 seconds for the end, and `respond-async` does not wait (RFC 7240).",
    examples: ["wait=20"],
  },
  Accept: {
    type: "string",
    description: "`text/event-stream` streams the response.",
    enum: ["application/json", "text/event-stream"],
  },
  "If-None-Match": {
    type: "string",
    description: "The `ETag` of an earlier response. 304 if nothing has changed since.",
  },
  "Last-Event-ID": {
    type: "string",
    description: "The id of the last event received. The stream continues after it.",
  },
} as const;

export function sentHeaders(...names: readonly (keyof typeof HEADERS)[]) {
  return Object.fromEntries(names.map((name) => [name, HEADERS[name]]));
}

const problem: Content = { "application/problem+json": problemSchema };

/** The errors that every route can return. */
export const problemResponses = {
  "4xx": describeAnswer(
    "The request was refused. `code` and `detail` contain the reason.",
    problem,
  ),
  "5xx": describeAnswer(
    "The request failed. `retryable` and `retry_after` state whether and when to retry.",
    problem,
  ),
};

/** For native routes without a body or a query. Content is refused. */
export const noBody = z.strictObject({}).nullish();
export const noQuery = z.strictObject({});
