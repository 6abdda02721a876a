/** Yields events while the connection lasts, and `reconnect` when it ends before they do. */
import type { ReaderEvent } from "@cmo/shared/contract";
import type { FastifyReply } from "fastify";
import type { ApiDeps } from "../api-deps.ts";
import type { Caller } from "../http/caller.ts";
import { openConnection } from "./connection.ts";

export interface ConnectedEvents<Event> {
  readonly reply: FastifyReply;
  /** The connection ends when the token of the caller expires. */
  readonly caller: Pick<Caller, "expiresAt">;
  /** The id after which the reader started; null for the beginning. */
  readonly after: string | null;
  /** Maximum duration of the connection. The source may take longer. */
  readonly maxMs: number;
  readonly events: (signal: AbortSignal) => AsyncIterable<Event>;
  readonly isEnding: (event: Event) => boolean;
}

type Reconnect = Extract<ReaderEvent, { type: "reconnect" }>;

/** Ends after the ending of the source, or with `reconnect` when only the connection ends. */
export async function* whileConnected<Event extends { readonly id?: string } | object>(
  { drain, clock }: Pick<ApiDeps, "drain" | "clock">,
  { reply, caller, after, maxMs, events, isEnding }: ConnectedEvents<Event>,
): AsyncGenerator<Event | Reconnect, void> {
  const connection = openConnection(reply, drain, {
    maxMs,
    tokenMs: caller.expiresAt - clock.now(),
  });
  let last = after;
  try {
    for await (const event of events(connection.signal)) {
      if ("id" in event && typeof event.id === "string") last = event.id;
      yield event;
      if (isEnding(event)) return;
    }
    const reason = connection.endedBy;
    if (reason !== null && reason !== "left") {
      yield { type: "reconnect", data: { reason, after: last } };
    }
  } finally {
    connection.close();
  }
}
