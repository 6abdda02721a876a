/** Responds to unknown paths with 404, and to known paths with another method with 405. */
import { AppError } from "@cmo/shared/runtime";
import { PATH_SHOWN } from "../policy.ts";
import type { App } from "./app-instance.ts";
import { sendProblem } from "./errors.ts";

export function registerNotFound(app: App): void {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook("onRoute", ({ url, method }) => {
    if (url.includes("*")) return;
    const methods = methodsOf.get(url) ?? new Set();
    methodsOf.set(url, methods);
    for (const name of [method].flat()) methods.add(name);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const known = [...methodsOf].find(([pattern]) => matches(pattern, path));
    if (!known) {
      const shown = path.slice(0, PATH_SHOWN);
      const detail = path.startsWith("/functions/v1/")
        ? `No function of this API is at ${shown}. Other functions are reached through it when FUNCTIONS_UPSTREAM_URL names their project.`
        : `No route exists at ${shown}. See /docs for all routes.`;
      return sendProblem(new AppError("route_not_found", detail), request, reply);
    }
    const allowed = [...known[1], "OPTIONS"].join(", ");
    reply.header("allow", allowed);
    const detail = `${request.method} is not allowed. Use one of: ${allowed}.`;
    return sendProblem(new AppError("method_not_allowed", detail), request, reply);
  });
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => segment.startsWith(":") || segment === given[index])
  );
}
