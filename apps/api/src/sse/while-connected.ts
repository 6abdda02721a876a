/** Events for as long as their connection lasts, and word of it when it must end before they do. */
import type { ReaderEvent } from "@cmo/shared/contract";
import type { Clock } from "@cmo/shared/runtime";
import type { FastifyReply } from "fastify";
import type { Drain } from "../drain.ts";
import type { Caller } from "../http/caller.ts";
import { openConnection } from "./connection.ts";

export interface ConnectedEvents<Event> {
  readonly reply: FastifyReply;
  /** Who reads: not beyond the time of their token. */
  readonly caller: Pick<Caller, "expiresAt">;
  /** The id after which the reader has begun; null for the beginning. */
  readonly after: string | null;
  /** The connection's time; what is read may take longer. */
  readonly maxMs: number;
  readonly events: (signal: AbortSignal) => AsyncIterable<Event>;
  readonly isEnding: (event: Event) => boolean;
}

type Reconnect = Extract<ReaderEvent, { type: "reconnect" }>;

/** Ends after the ending; with `reconnect` when only the connection ends. */
export async function* whileConnected<Event extends { readonly id?: string } | object>(
  { drain, clock }: { readonly drain: Drain; readonly clock: Clock },
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
