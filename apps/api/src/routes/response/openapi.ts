/** What several routes say of themselves in the API's description. */
import { problemSchema } from "@cmo/shared/contract";
import { z } from "zod";

type Content = Readonly<Record<string, z.ZodType>>;

/** An answer whose content is not just JSON of one schema; `content` names schemas by their content type. */
export function describeAnswer(description: string, content: Content) {
  return {
    description,
    content: Object.fromEntries(
      Object.entries(content).map(([type, schema]) => [type, { schema }]),
    ),
  };
}

/** As far as a schema can say: what its events are is docs/stream-protocol.md's to tell. */
export const EVENT_STREAM: Content = { "text/event-stream": z.string() };

const problem: Content = { "application/problem+json": problemSchema };

/** The errors that every route can answer with. */
export const problemResponses = {
  "4xx": describeAnswer("The request cannot be served; `code` and `detail` say why.", problem),
  "5xx": describeAnswer("Nothing is wrong with the request; `retry_after` says when.", problem),
};

/** For native routes that take no body or no query: anything sent is a mistake. */
export const noBody = z.strictObject({}).nullish();
export const noQuery = z.strictObject({});
