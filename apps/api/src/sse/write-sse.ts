/**
 * Writes an event stream at the pace of its reader, with keep-alive comments and a write timeout.
 * Frames of one turn are one write, and a large frame is written in parts, each after the reader has
 * accepted the previous one. At most one part is buffered, however large a snapshot is.
 */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { hijack } from "../http/hijack.ts";
import type { Policy } from "../policy.ts";
import type { Send, Source, Taken } from "./source.ts";

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
  const writer = newFrameWriter(response, timing.writeTimeoutMs);
  try {
    await frames(writer.send);
    await writer.flush();
  } catch (error) {
    // The status has been sent, so the connection is destroyed; readers detect it and reconnect.
    reply.log.error({ error }, "Stream aborted by an error");
    response.destroy();
  } finally {
    clearInterval(keepAlive);
    response.end();
  }
}

interface FrameWriter {
  readonly send: Send<string>;
  /** Writes what was collected. */
  flush(): Taken;
}

/** A write for each event of a replay would take ten times as long as encoding them. */
function newFrameWriter(response: ServerResponse, writeTimeoutMs: number): FrameWriter {
  let collected = "";
  let draining: Promise<boolean> | null = null;

  function flush(): Taken {
    const part = collected;
    collected = "";
    const taken = writePart(response, part, writeTimeoutMs);
    if (typeof taken === "boolean") return taken;
    // The timeout runs although nobody may wait for it yet.
    draining = taken;
    const done = () => {
      draining = null;
    };
    taken.then(done, done);
    return taken;
  }

  const flushLater = () => {
    if (collected !== "") void flush();
  };

  async function sendLarge(frame: string): Promise<boolean> {
    return (await flush()) && writeParts(response, frame, writeTimeoutMs);
  }

  function send(frame: string): Taken {
    if (draining) return draining.then((more) => more && send(frame));
    if (response.destroyed) return false;
    if (frame.length > PART) return sendLarge(frame);
    if (collected === "" && frame !== "") process.nextTick(flushLater);
    collected += frame;
    return collected.length < PART || flush();
  }

  return { send, flush };
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
