/**
 * The gateway of all measurements: an OpenAI-compatible stream at an exact pace, and as little else
 * as possible, so that it takes hardly any of the machine from the systems under test.
 *
 * One timer a millisecond serves all streams. A chunk is due by a timetable, so a late one does not
 * delay the next; its stamp is the time at which it was written.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { nowMicros } from "../measure/clock.ts";
import type { Handlers } from "../programs/calls.ts";
import { listen, serveParent } from "../programs/serve-parent.ts";
import { type GatewayScript, parseScript, toChunkText } from "./script.ts";

export type GatewayCalls = {
  /** From now on streams flow. */
  readonly beginStreams: { readonly question: null; readonly answer: null };
  /** Ends every stream as if its answer were complete, and each later one after one chunk. */
  readonly endStreams: { readonly question: null; readonly answer: { readonly ended: number } };
  readonly sent: { readonly question: null; readonly answer: { readonly chunks: number } };
};

interface Stream {
  readonly response: ServerResponse;
  readonly script: GatewayScript;
  readonly startedAt: number;
  sent: number;
}

const TICK_MS = 1;
/** Written in one turn when all chunks are due at once. */
const AT_ONCE = 200;
const HEAD = { "content-type": "text/event-stream", "cache-control": "no-cache" };
const OPENING =
  'data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1,"model":"bench","choices":';
const ROLE = `${OPENING}[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n`;
const BEFORE_TEXT = `${OPENING}[{"index":0,"delta":{"content":"`;
const AFTER_TEXT = '"},"finish_reason":null}]}\n\n';
const ENDING =
  `${OPENING}[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n` +
  `${OPENING}[],"usage":{"prompt_tokens":10,"completion_tokens":10,"total_tokens":20}}\n\n` +
  "data: [DONE]\n\n";

const streams = new Set<Stream>();
/** The streams that have a chunk due in each millisecond. */
const dueAt = new Map<number, Stream[]>();
let lastTick = Math.floor(performance.now());
let sentInAll = 0;
let isEnding = false;

function schedule(stream: Stream): void {
  const { startedAt, script, sent } = stream;
  const due = Math.max(lastTick + 1, Math.floor(startedAt + (sent * 1000) / script.perSecond));
  const others = dueAt.get(due);
  if (others) others.push(stream);
  else dueAt.set(due, [stream]);
}

function tick(): void {
  const now = Math.floor(performance.now());
  while (lastTick < now) {
    lastTick += 1;
    const due = dueAt.get(lastTick) ?? [];
    dueAt.delete(lastTick);
    for (const stream of due) sendNext(stream);
  }
}

function sendNext(stream: Stream): void {
  if (!streams.has(stream)) return;
  if (stream.sent >= stream.script.chunks) {
    end(stream);
    return;
  }
  writeChunk(stream);
  schedule(stream);
}

function writeChunk(stream: Stream): boolean {
  const text = toChunkText(nowMicros(), stream.sent);
  stream.sent += 1;
  sentInAll += 1;
  return stream.response.write(BEFORE_TEXT + text + AFTER_TEXT);
}

function sendAll(stream: Stream): void {
  if (!streams.has(stream)) return;
  for (let turn = 0; turn < AT_ONCE && stream.sent < stream.script.chunks; turn += 1) {
    if (!writeChunk(stream)) {
      stream.response.once("drain", () => sendAll(stream));
      return;
    }
  }
  if (stream.sent >= stream.script.chunks) end(stream);
  else setImmediate(() => sendAll(stream));
}

function end(stream: Stream): void {
  streams.delete(stream);
  stream.response.end(ENDING);
}

function answer(body: string, response: ServerResponse): void {
  const script = parseScript(body);
  const stream: Stream = { response, script, startedAt: performance.now(), sent: 0 };
  streams.add(stream);
  response.once("close", () => streams.delete(stream));
  response.writeHead(200, HEAD);
  response.write(ROLE);
  if (script.perSecond === 0) {
    sendAll(stream);
    return;
  }
  writeChunk(stream);
  if (isEnding) end(stream);
  else schedule(stream);
}

function receive(request: IncomingMessage, response: ServerResponse): void {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (text: string) => {
    body += text;
  });
  request.on("end", () => answer(body, response));
}

const handlers: Handlers<GatewayCalls> = {
  async beginStreams() {
    isEnding = false;
    return null;
  },
  async endStreams() {
    isEnding = true;
    const open = [...streams];
    for (const stream of open) end(stream);
    return { ended: open.length };
  },
  sent: async () => ({ chunks: sentInAll }),
};

setInterval(tick, TICK_MS);
const server = createServer({ keepAliveTimeout: 60_000 }, receive);
server.on("connection", (socket) => socket.setNoDelay(true));
serveParent<GatewayCalls>(handlers, await listen(server));
