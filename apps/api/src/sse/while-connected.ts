/** Sends events while the connection lasts, and `reconnect` when it ends before they do. */
import type { ReaderEvent } from "@cmo/shared/contract";
import type { FastifyReply } from "fastify";
import type { ApiDeps } from "../api-deps.ts";
import type { Caller } from "../http/caller.ts";
import { openConnection } from "./connection.ts";
import type { Send, Source } from "./source.ts";

export interface ConnectedEvents<Event> {
  readonly reply: FastifyReply;
  /** The connection ends when the token of the caller expires. */
  readonly caller: Pick<Caller, "expiresAt">;
  /** The id after which the reader started; null for the beginning. */
  readonly after: string | null;
  /** Maximum duration of the connection. The source may take longer. */
  readonly maxMs: number;
  readonly watch: (signal: AbortSignal, send: Send<Event>) => Promise<void>;
  readonly isEnding: (event: Event) => boolean;
}

type Reconnect = Extract<ReaderEvent, { type: "reconnect" }>;

/** Ends after the ending of the source, or with `reconnect` when only the connection ends. */
export function whileConnected<Event extends { readonly id?: string } | object>(
  { drain, clock }: Pick<ApiDeps, "drain" | "clock">,
  { reply, caller, after, maxMs, watch, isEnding }: ConnectedEvents<Event>,
): Source<Event | Reconnect> {
  return async (send) => {
    const tokenMs = caller.expiresAt - clock.now();
    const connection = openConnection(reply, drain, { maxMs, tokenMs });
    let last = after;
    let hasEnded = false;
    try {
      await watch(connection.signal, (event) => {
        if ("id" in event && typeof event.id === "string") last = event.id;
        hasEnded = isEnding(event);
        return send(event);
      });
      const reason = connection.endedBy;
      if (!hasEnded && reason !== null && reason !== "left") {
        await send({ type: "reconnect", data: { reason, after: last } });
      }
    } finally {
      connection.close();
    }
  };
}
