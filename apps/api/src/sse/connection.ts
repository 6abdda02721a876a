/**
 * Ends a connection before its run has ended: the reader disconnected, the token expired, the
 * maximum duration was reached, or the process drains. None of these affects the run.
 */
import type { FastifyReply } from "fastify";
import type { Drain } from "../drain.ts";

type ConnectionEnd = "left" | "expired" | "planned" | "draining";

export interface Connection {
  readonly signal: AbortSignal;
  /** Null while the connection is open. */
  readonly endedBy: ConnectionEnd | null;
  close(): void;
}

/** `maxMs` is the maximum duration of the connection, `tokenMs` the remaining lifetime of the token. */
export function openConnection(
  reply: FastifyReply,
  drain: Drain,
  { maxMs, tokenMs }: { readonly maxMs: number; readonly tokenMs: number },
): Connection {
  const controller = new AbortController();
  let endedBy: ConnectionEnd | null = null;
  const end = (reason: ConnectionEnd) => {
    endedBy ??= reason;
    controller.abort();
  };
  const leave = () => end("left");

  const reason = tokenMs < maxMs ? "expired" : "planned";
  const timer = setTimeout(() => end(reason), Math.min(tokenMs, maxMs));
  timer.unref();
  const stopListening = drain.onBegin(() => end("draining"));
  // The request emits `close` after its body was read; the response emits it when the reader leaves.
  // guards G24: reader left
  reply.raw.once("close", leave);
  if (reply.raw.closed) leave();

  return {
    signal: controller.signal,
    get endedBy() {
      return endedBy;
    },
    close() {
      clearTimeout(timer);
      stopListening();
      reply.raw.off("close", leave);
    },
  };
}
