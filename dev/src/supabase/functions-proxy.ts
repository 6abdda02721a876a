/**
 * Forwards `/functions/v1/*` of the project's address to the API, as a proxy does in production, so
 * that a client needs one URL. Bytes are forwarded as they arrive. When one side closes, the other
 * side is closed.
 */
import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";

export const FUNCTIONS_PATH = "/functions/v1/";

/** These headers belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** One connection for each request: a connection to an API that has restarted would fail. */
const agent = new Agent({ keepAlive: false });

export function forwardToApi(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  apiUrl: string | null,
): void {
  if (apiUrl === null) {
    refuse(outgoing, "This stack was started without the API.");
    return;
  }
  const { hostname, port } = new URL(apiUrl);
  const upstream = request({
    agent,
    hostname,
    port,
    // Unchanged, so that the API itself refuses an invalid path.
    path: incoming.url ?? "/",
    method: incoming.method ?? "GET",
    headers: endToEnd(incoming.headersDistinct),
  });
  upstream.on("response", (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, endToEnd(answer.headersDistinct));
    // The head of an event stream must arrive before its first event.
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    answer.on("error", () => outgoing.destroy());
  });
  upstream.on("error", () => {
    if (outgoing.headersSent) outgoing.destroy();
    else
      refuse(
        outgoing,
        "The API does not answer. `npm start` restarts it when it exits. Try again in a second.",
      );
  });
  outgoing.on("close", () => upstream.destroy());
  incoming.pipe(upstream);
}

function endToEnd(headers: NodeJS.Dict<string[]>): Record<string, string | string[]> {
  const kept = Object.entries(headers).flatMap(([name, values]): [string, string | string[]][] => {
    const [first, ...others] = values ?? [];
    if (first === undefined || HOP_BY_HOP.has(name)) return [];
    return [[name, others.length === 0 ? first : [first, ...others]]];
  });
  return Object.fromEntries(kept);
}

/** The CORS header lets a browser read the body. */
function refuse(outgoing: ServerResponse, detail: string): void {
  const problem = {
    type: "about:blank",
    title: "Service unavailable",
    status: 503,
    detail,
    code: "api_unavailable",
    error: "The API is not running",
    retryable: true,
  };
  outgoing.writeHead(503, {
    "access-control-allow-origin": "*",
    "content-type": "application/problem+json",
    "retry-after": "1",
  });
  outgoing.end(JSON.stringify(problem));
}
