/**
 * What ends one connection before its run does: its reader left, its reader's token expired, it
 * had its time, or the process drains. None of them touches the run.
 */
import type { FastifyReply } from "fastify";
import type { Drain } from "../drain.ts";

type ConnectionEnd = "left" | "expired" | "planned" | "draining";

export interface Connection {
  readonly signal: AbortSignal;
  /** Null while it is open. */
  readonly endedBy: ConnectionEnd | null;
  close(): void;
}

/** `maxMs` is the connection's own time, `tokenMs` how long its reader's token lasts. */
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
  // The request's own `close` comes when its body has been read: the response's is the reader's.
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
