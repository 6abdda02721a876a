/**
 * Writes an event stream to a reader: at the reader's pace, with heartbeats, and not for ever to
 * one that does not read. A frame goes out in parts, each when the reader has taken the one
 * before, so that no more than a part is unsent however large a snapshot is.
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
/** UTF-16 units; in bytes at most three times as many. */
const PART = 64 * 1024;

/** Resolves when the stream has ended or its reader is gone; `frames` are whole SSE text. */
export async function writeSse(
  reply: FastifyReply,
  frames: AsyncIterable<string>,
  pace: SsePace,
): Promise<void> {
  const response = takeOver(reply, SSE_HEADERS);
  // Between two parts of a frame a drain is waited for, so no comment comes into a frame.
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(HEARTBEAT);
  }, pace.heartbeatMs);
  try {
    for await (const frame of frames) {
      for (const part of partsOf(frame)) {
        if (response.destroyed) return;
        // guards G24: backpressure
        if (!response.write(part)) await drained(response, pace.undrainedMs);
      }
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

/** A character of two units stays whole: each part is encoded by itself. */
function* partsOf(frame: string): Generator<string, void> {
  for (let from = 0; from < frame.length; ) {
    let end = from + PART;
    if (isHighSurrogate(frame.charCodeAt(end - 1))) end -= 1;
    yield frame.slice(from, end);
    from = end;
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** Waits for the reader to take what was written; cuts the connection when it takes too long. */
async function drained(response: ServerResponse, undrainedMs: number): Promise<void> {
  if (response.destroyed) return;
  const stop = new AbortController();
  // guards G24: slow reader
  const timer = setTimeout(() => response.destroy(), undrainedMs);
  try {
    await Promise.race([
      once(response, "drain", { signal: stop.signal }),
      // guards G24: reader left
      once(response, "close", { signal: stop.signal }),
    ]);
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}
