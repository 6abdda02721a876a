/** Requests of the load generator: plain node:http, which costs less than fetch. */
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";

export interface Ask {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Over a connection that was used before, if there is one. */
  readonly keepAlive?: boolean;
  readonly signal?: AbortSignal;
}

const maxSockets = Number.POSITIVE_INFINITY;
const kept = new Agent({ keepAlive: true, maxSockets, noDelay: true });
/** A system that stood still closes connections that it was idle on as soon as it goes on. */
const fresh = new Agent({ keepAlive: false, maxSockets, noDelay: true });

export function send(ask: Ask): ClientRequest {
  const { method, url, headers, body, keepAlive = false, signal } = ask;
  const sent = request(url, {
    method,
    agent: keepAlive ? kept : fresh,
    ...(signal ? { signal } : {}),
    headers: {
      ...headers,
      ...(body === null
        ? {}
        : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    },
  });
  sent.end(body ?? undefined);
  return sent;
}

export function responseOf(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once("response", resolve);
    sent.once("error", reject);
  });
}

export async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of response.setEncoding("utf8")) text += String(part);
  return text;
}

export function bearer(tokens: readonly string[], turn: number): Record<string, string> {
  const token = tokens[turn % Math.max(1, tokens.length)];
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
