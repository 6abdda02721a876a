/** Assigns an id to every request, which its caller may choose, and writes one log line for it. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { App } from "./app-instance.ts";

/** Accepts the id of the caller if it is safe in a log and a header. */
export function newRequestId(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

export function registerRequestContext(app: App): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    const startedAt = performance.now();
    // `close` is emitted once, whether the response was completed or the client disconnected.
    reply.raw.once("close", () => {
      const runId = reply.getHeader("x-run-id");
      const line = {
        method: request.method,
        // The pattern, not the URL: a query may contain data that must not be logged.
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
