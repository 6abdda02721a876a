/**
 * Lets pages of every origin in, as a hosted project does: they may send every header and read every
 * answer. The stand-in's own preflight leaves out `authorization`, and its answers to sign-ups and
 * sign-ins name no origin, so that no page could sign in or read a row.
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

/** For the answers themselves; one that says the same of its own replaces it. */
export function allowEveryOrigin(outgoing: ServerResponse): void {
  outgoing.setHeader("access-control-allow-origin", "*");
  outgoing.setHeader("access-control-expose-headers", "content-range, content-location, location");
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
