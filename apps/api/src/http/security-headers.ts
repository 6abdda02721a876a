/**
 * Security headers of every response: no content sniffing, no framing, no loading of resources.
 * The documentation pages set a policy of their own.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import helmet from "helmet";
import type { App } from "./app-instance.ts";

const setAll = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] },
  },
  // This server cannot guarantee TLS for other hosts of the domain.
  strictTransportSecurity: { includeSubDomains: false },
});

export function registerSecurityHeaders(app: App): void {
  app.addHook("onRequest", async (request, reply) => {
    setSecurityHeaders(request.raw, reply.raw);
  });
}

/** For responses that are sent before the hooks run. */
export function setSecurityHeaders(request: IncomingMessage, response: ServerResponse): void {
  setAll(request, response, (error) => {
    if (error instanceof Error) throw error;
  });
}
