/**
 * Answers preflights as a hosted project does: every origin may send every header. The stand-in's
 * own answer leaves out `authorization`, so that no page could sign in or read a row.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

const METHODS = "GET, HEAD, PUT, PATCH, POST, DELETE";
const ASKED_METHOD = "access-control-request-method";
const ASKED_HEADERS = "access-control-request-headers";
/** How long a browser remembers the answer, in seconds. */
const MAX_AGE = "3600";

export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers.origin !== undefined && ASKED_METHOD in headers;
}

export function answerPreflight({ headers }: IncomingMessage, outgoing: ServerResponse): void {
  const asked = headers[ASKED_HEADERS];
  outgoing.writeHead(204, {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": METHODS,
    ...(typeof asked === "string" ? { "access-control-allow-headers": asked } : {}),
    "access-control-max-age": MAX_AGE,
    vary: ASKED_HEADERS,
  });
  outgoing.end();
}
