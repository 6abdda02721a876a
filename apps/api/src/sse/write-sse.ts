/**
 * Writes an event stream to a reader: at the reader's pace, with heartbeats, and not for ever to
 * one that does not read. At most one frame is unsent, so a slow reader costs no memory.
 */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { takeOver } from "../http/take-over.ts";
import type { Policy } from "../policy.ts";

export interface SsePace {
  readonly heartbeatMs: number;
  readonly undrainedMs: number;
}

export function toPace(policy: Policy): SsePace {
  return { heartbeatMs: policy.SSE_HEARTBEAT_MS, undrainedMs: policy.SSE_UNDRAINED_MS };
}

const SSE_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  // `no-transform` keeps proxies from compressing, which would hold frames back.
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

const HEARTBEAT = ": keep-alive\n\n";

/** Resolves when the stream has ended or its reader is gone; `frames` are whole SSE text. */
export async function writeSse(
  reply: FastifyReply,
  frames: AsyncIterable<string>,
  pace: SsePace,
): Promise<void> {
  const response = takeOver(reply, SSE_HEADERS);
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(HEARTBEAT);
  }, pace.heartbeatMs);
  try {
    for await (const frame of frames) {
      if (frame === "") continue;
      if (response.destroyed) return;
      if (!response.write(frame)) await drained(response, pace.undrainedMs);
    }
  } catch (error) {
    // The status is long sent: all that is left is a cut, which readers see and come back from.
    reply.log.error({ error }, "A stream broke off");
    response.destroy();
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

/** Waits for the reader to take what was written; cuts the connection when it takes too long. */
async function drained(response: ServerResponse, undrainedMs: number): Promise<void> {
  if (response.destroyed) return;
  const stop = new AbortController();
  const timer = setTimeout(() => response.destroy(), undrainedMs);
  try {
    await Promise.race([
      once(response, "drain", { signal: stop.signal }),
      once(response, "close", { signal: stop.signal }),
    ]);
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}
