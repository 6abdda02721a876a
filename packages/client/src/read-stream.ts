/** One connection to the stream of a run, from a cursor to its end or to where it is cut. */
import { createParser } from "eventsource-parser";
import type { RunEvent } from "./types.ts";

/** Three keep-alives. A connection that says nothing for so long is dead. */
const SILENCE_MS = 45_000;

/** What the server says of the connection itself. */
export interface Reconnect {
  readonly type: "reconnect";
  readonly reason: string;
}

/** Yields what arrives. Returns when the server closes; throws when the connection is cut or silent. */
export async function* readStream(
  response: Response,
  cut: AbortController,
): AsyncGenerator<RunEvent | Reconnect> {
  const arrived: (RunEvent | Reconnect)[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      const parsed: unknown = JSON.parse(data);
      arrived.push(toEvent(event ?? "message", id, parsed));
    },
  });
  if (!response.body) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const die = () => cut.abort(new Error("The stream was silent for too long."));
  let silence = setTimeout(die, SILENCE_MS);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(silence);
      silence = setTimeout(die, SILENCE_MS);
      parser.feed(decoder.decode(value, { stream: true }));
      yield* arrived.splice(0);
    }
  } finally {
    clearTimeout(silence);
    await reader.cancel().catch(() => undefined);
  }
}

/** Trusts the server: unknown events pass, and whoever folds ignores them. */
function toEvent(type: string, id: string | undefined, data: unknown): RunEvent | Reconnect {
  if (type === "run") return { type, run: data } as RunEvent;
  return { ...(data as object), type, ...(id === undefined ? {} : { id }) } as RunEvent | Reconnect;
}
