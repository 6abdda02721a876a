/**
 * What browsers are told of every answer: it is data of the type it says, to be put in no frame and
 * to load nothing. Pages that are meant to be seen set a policy of their own.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import helmet from "helmet";
import type { App } from "./app-instance.ts";

const setAll = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] },
  },
  // Whether other hosts of the domain speak TLS is not this server's to promise.
  strictTransportSecurity: { includeSubDomains: false },
});

export function registerSecurityHeaders(app: App): void {
  app.addHook("onRequest", async (request, reply) => {
    setSecurityHeaders(request.raw, reply.raw);
  });
}

/** For answers that no hook sees. */
export function setSecurityHeaders(request: IncomingMessage, response: ServerResponse): void {
  setAll(request, response, (error) => {
    if (error instanceof Error) throw error;
  });
}
