/** Parts of the OpenAPI document that several routes share. */
import { problemSchema } from "@cmo/shared/contract";
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

/** docs/stream-protocol.md describes the events, which a schema cannot express. */
export const EVENT_STREAM: Content = { "text/event-stream": z.string() };

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
