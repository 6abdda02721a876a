/** Encodes the events of one connection in its format. */
import type { Encoder } from "./formats/encoder.ts";
import type { Source } from "./source.ts";

export function encodeEvents<Event>(
  events: Source<Event>,
  encoder: Encoder<Event>,
): Source<string> {
  return async (send) => {
    if (!(await send(encoder.opening))) return;
    await events((event) => send(encoder.encode(event)));
    await send(encoder.close());
  };
}
