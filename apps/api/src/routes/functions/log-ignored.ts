/** Says in the log what a lenient route left out, so that a client's typing error can be found. */
import type { FastifyRequest } from "fastify";
import { ISSUES_SHOWN, PATH_SHOWN } from "../../policy.ts";

/** Names only, and only so many: they are the caller's, who may send as many as fit a body. */
export function logIgnored(request: FastifyRequest, paths: readonly string[]): void {
  if (paths.length === 0) return;
  const ignored = paths.slice(0, ISSUES_SHOWN).map((path) => path.slice(0, PATH_SHOWN));
  request.log.info({ ignored, count: paths.length }, "Members were ignored");
}
