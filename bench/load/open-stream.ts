/** Opens the stream of a new run, in the way of the system that is measured. */
import type { IncomingMessage } from "node:http";
import type { Target } from "./calls.ts";
import { bearer, responseOf, send, textOf } from "./http.ts";

export async function openStream(
  target: Target,
  turn: number,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (target.dialect === "langgraph") return joinBackgroundRun(target, signal);
  const method = target.dialect === "get" ? "GET" : "POST";
  const headers = { accept: "text/event-stream", ...bearer(target.tokens, turn) };
  const body = method === "GET" ? null : target.body;
  return accept(await responseOf(send({ method, url: target.url, headers, body, signal })));
}

async function accept(response: IncomingMessage): Promise<IncomingMessage> {
  if (response.statusCode === 200) return response;
  throw new Error(`Status ${response.statusCode}: ${(await textOf(response)).slice(0, 200)}`);
}

/** A thread, a background run on it, and the run's stream, joined. */
async function joinBackgroundRun(
  { url, body }: Target,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const thread = await postForId(`${url}/threads`, "{}", "thread_id");
  const run = await postForId(`${url}/threads/${thread}/runs`, body, "run_id");
  const headers = { accept: "text/event-stream" };
  const stream = `${url}/threads/${thread}/runs/${run}/stream?stream_mode=messages-tuple`;
  return accept(
    await responseOf(send({ method: "GET", url: stream, headers, body: null, signal })),
  );
}

async function postForId(url: string, body: string, member: string): Promise<string> {
  const response = await responseOf(send({ method: "POST", url, headers: {}, body }));
  const text = await textOf(response);
  const answer: unknown = response.statusCode === 200 ? JSON.parse(text) : null;
  const id = typeof answer === "object" && answer !== null ? Reflect.get(answer, member) : null;
  if (typeof id === "string") return id;
  throw new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 200)}`);
}
