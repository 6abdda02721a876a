/** Every request has an id that its caller may choose, and leaves one line in the log. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { App } from "./app-instance.ts";

/** An id that came with the request is kept if it is harmless in a log and a header. */
export function newRequestId(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

export function registerRequestContext(app: App): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    const startedAt = performance.now();
    // `close` comes once, whether the answer was finished or its reader left.
    reply.raw.once("close", () => {
      const runId = reply.getHeader("x-run-id");
      const line = {
        method: request.method,
        // The pattern, not the address: a query may hold what does not belong into a log.
        route: request.routeOptions.url ?? null,
        status: reply.raw.statusCode,
        durationMs: Math.round(performance.now() - startedAt),
        ...(request.caller ? { userId: request.caller.userId } : {}),
        ...(runId === undefined ? {} : { runId }),
        ...(reply.raw.writableFinished ? {} : { left: true }),
      };
      const isProbe = line.route === "/livez" || line.route === "/readyz";
      request.log[isProbe ? "debug" : "info"](line, "Request finished");
    });
  });
}
