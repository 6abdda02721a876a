/**
 * Writes an event stream at the pace of its reader, with keep-alive comments and a write timeout.
 * Frames are written in parts, each after the reader has accepted the previous one. At most one
 * part is buffered, however large a snapshot is.
 */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { hijack } from "../http/hijack.ts";
import type { Policy } from "../policy.ts";
import type { Source, Taken } from "./source.ts";

export interface SseTiming {
  readonly keepAliveMs: number;
  readonly writeTimeoutMs: number;
}

export function toSseTiming(policy: Policy): SseTiming {
  return { keepAliveMs: policy.SSE_KEEP_ALIVE_MS, writeTimeoutMs: policy.SSE_WRITE_TIMEOUT_MS };
}

const SSE_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  // `no-transform` prevents proxies from compressing, which would delay frames.
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

const KEEP_ALIVE = ": keep-alive\n\n";
/** In UTF-16 units; at most three times as many bytes. */
const PART = 64 * 1024;

/** Resolves when the stream has ended or the reader has disconnected. `frames` are complete SSE text. */
export async function writeSse(
  reply: FastifyReply,
  frames: Source<string>,
  timing: SseTiming,
): Promise<void> {
  const response = hijack(reply, SSE_HEADERS);
  // Between two parts of a frame a drain is awaited, so no comment is written inside a frame.
  const keepAlive = setInterval(() => {
    if (!response.writableNeedDrain) response.write(KEEP_ALIVE);
  }, timing.keepAliveMs);
  try {
    await frames((frame) => writeFrame(response, frame, timing.writeTimeoutMs));
  } catch (error) {
    // The status has been sent, so the connection is destroyed; readers detect it and reconnect.
    reply.log.error({ error }, "Stream aborted by an error");
    response.destroy();
  } finally {
    clearInterval(keepAlive);
    response.end();
  }
}

function writeFrame(response: ServerResponse, frame: string, writeTimeoutMs: number): Taken {
  if (frame.length <= PART) return writePart(response, frame, writeTimeoutMs);
  return writeParts(response, frame, writeTimeoutMs);
}

async function writeParts(
  response: ServerResponse,
  frame: string,
  writeTimeoutMs: number,
): Promise<boolean> {
  for (const part of partsOf(frame)) {
    if (!(await writePart(response, part, writeTimeoutMs))) return false;
  }
  return true;
}

/** Returns in the same turn while the reader accepts the data. */
function writePart(response: ServerResponse, part: string, writeTimeoutMs: number): Taken {
  if (response.destroyed) return false;
  if (part === "") return true;
  // guards G24: backpressure
  return response.write(part) || drained(response, writeTimeoutMs);
}

/** Surrogate pairs are not split, because each part is encoded separately. */
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

/**
 * Waits until the reader has accepted the data, and destroys the connection after the write timeout.
 * False when the connection is closed.
 */
async function drained(response: ServerResponse, writeTimeoutMs: number): Promise<boolean> {
  if (response.destroyed) return false;
  const stop = new AbortController();
  // guards G24: slow reader
  const timer = setTimeout(() => response.destroy(), writeTimeoutMs);
  try {
    await Promise.race([
      once(response, "drain", { signal: stop.signal }),
      // guards G24: reader left
      once(response, "close", { signal: stop.signal }),
    ]);
    return !response.destroyed;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}
