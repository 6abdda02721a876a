/** An answer for the API's description, where its content is not just JSON of one schema. */
import { z } from "zod";

type Content = Readonly<Record<string, z.ZodType>>;

/** `content` names schemas by their content type. */
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
