/** Hijacks a reply: Fastify no longer manages the response, which is then written in parts. */
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

/** Sends status 200 with `headers` and the headers that hooks have set, such as those of CORS. */
export function hijack(
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
): ServerResponse {
  // A connection that is kept alive after a stream would delay the close of the server.
  const known = Object.entries({ ...reply.getHeaders(), ...headers, connection: "close" });
  reply.hijack();
  for (const [name, value] of known) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.writeHead(200);
  reply.raw.flushHeaders();
  return reply.raw;
}
