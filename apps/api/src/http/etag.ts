/** Sends a response with an ETag, so that a poll without changes transfers no body. */
import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

export function sendWithEtag(
  request: FastifyRequest,
  reply: FastifyReply,
  body: object,
): FastifyReply {
  const text = JSON.stringify(body);
  const tag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"`;
  reply.header("etag", tag).header("cache-control", "private, no-cache");
  if (isKnown(request.headers["if-none-match"], tag)) return reply.code(304).send();
  return reply.type("application/json; charset=utf-8").send(text);
}

/** Proxies may have weakened the tag, which this comparison ignores. */
function isKnown(header: string | undefined, tag: string): boolean {
  const known = (header ?? "").split(",").map((entry) => entry.trim().replace(/^W\//, ""));
  return known.includes(tag) || known.includes("*");
}
