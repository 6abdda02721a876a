/**
 * What ends one connection before its run does: its reader left, it had its time, or the process
 * drains. None of the three touches the run.
 */
import type { FastifyReply } from "fastify";
import type { Drain } from "../drain.ts";

type ConnectionEnd = "left" | "planned" | "draining";

export interface Connection {
  readonly signal: AbortSignal;
  /** Null while it is open. */
  readonly endedBy: ConnectionEnd | null;
  close(): void;
}

export function openConnection(reply: FastifyReply, drain: Drain, maxMs: number): Connection {
  const controller = new AbortController();
  let endedBy: ConnectionEnd | null = null;
  const end = (reason: ConnectionEnd) => {
    endedBy ??= reason;
    controller.abort();
  };
  const leave = () => end("left");

  const timer = setTimeout(() => end("planned"), maxMs);
  timer.unref();
  const stopListening = drain.onBegin(() => end("draining"));
  // The request's own `close` comes when its body has been read: the response's is the reader's.
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
