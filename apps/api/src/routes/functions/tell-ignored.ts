/** Tells the caller and the log which members a lenient route ignored, so that typos are found. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { IGNORED_HEADER_CHARS, ISSUES_SHOWN, PATH_SHOWN } from "../../policy.ts";

/** Returns a limited number of names and no values, because callers choose them. */
export function tellIgnored(
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  paths: readonly string[],
): readonly string[] {
  if (paths.length === 0) return [];
  const ignored = paths.slice(0, ISSUES_SHOWN).map((path) => path.slice(0, PATH_SHOWN));
  request.log.info({ ignored, count: paths.length }, "Members were ignored");
  // A stream has no other place for it.
  const header = ignored.map((path) => encodeURIComponent(path)).join(", ");
  reply.header("x-cmo-ignored", header.slice(0, IGNORED_HEADER_CHARS));
  return ignored;
}
