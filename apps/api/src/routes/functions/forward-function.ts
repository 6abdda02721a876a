/** Forwards a call with an unknown mode to its previous server, and streams the response back. */
import { Readable } from "node:stream";
import { expectedError } from "@cmo/shared/runtime";
import type { FastifyReply, FastifyRequest } from "fastify";
import { OUTAGE_RETRY_SECONDS } from "../../policy.ts";

const REQUEST_HEADERS = ["authorization", "apikey", "content-type", "accept"] as const;
const RESPONSE_HEADERS = ["content-type", "retry-after", "x-cmo-mode", "x-cmo-duration"];

export async function forwardFunction(
  url: string,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const left = new AbortController();
  reply.raw.once("close", () => left.abort());
  const headers = REQUEST_HEADERS.flatMap((name): [string, string][] => {
    const value = request.headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  const response = await fetch(url, {
    method: request.method,
    headers,
    body: JSON.stringify(request.body),
    signal: left.signal,
    // The configured address is trusted, but not the target of a redirect.
    redirect: "error",
  }).catch((cause: unknown) => {
    const retryAfterSeconds = OUTAGE_RETRY_SECONDS;
    throw expectedError("upstream_unavailable", { cause, retryAfterSeconds });
  });
  for (const name of RESPONSE_HEADERS) {
    const value = response.headers.get(name);
    if (value !== null) reply.header(name, value);
  }
  reply.code(response.status);
  return reply.send(response.body ? Readable.fromWeb(response.body) : null);
}
