/** Logs the members that a lenient route ignored, so that typos of clients can be found. */
import type { FastifyRequest } from "fastify";
import { ISSUES_SHOWN, PATH_SHOWN } from "../../policy.ts";

/** Logs a limited number of names and no values, because callers choose them. */
export function logIgnored(request: FastifyRequest, paths: readonly string[]): void {
  if (paths.length === 0) return;
  const ignored = paths.slice(0, ISSUES_SHOWN).map((path) => path.slice(0, PATH_SHOWN));
  request.log.info({ ignored, count: paths.length }, "Members were ignored");
}
