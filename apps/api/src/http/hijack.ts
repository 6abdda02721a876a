/** Takes the response out of Fastify's hands, to write it piece by piece. */
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

/** Begins a 200 with the headers given and those that hooks have set, such as those of CORS. */
export function hijack(
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
): ServerResponse {
  // A stream lasts: a connection that outlives it would only delay the server's close.
  const known = Object.entries({ ...reply.getHeaders(), ...headers, connection: "close" });
  reply.hijack();
  for (const [name, value] of known) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.writeHead(200);
  reply.raw.flushHeaders();
  return reply.raw;
}
