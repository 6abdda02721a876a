/**
 * Functions that are not ours, under the same address. An app calls dozens of functions of its
 * project by one URL; with this, that URL may be ours. Method, headers, body and stream pass
 * unchanged, and the project checks the caller.
 */

import { agentCatalog } from "@cmo/agents/catalog";
import { AppError, expectedError } from "@cmo/shared/runtime";
import replyFrom from "@fastify/reply-from";
import type { FastifyRequest } from "fastify";
import type { App } from "../../http/app-instance.ts";
import { sendProblem } from "../../http/errors.ts";
import { FUNCTION_TIMEOUT_MS, OUTAGE_RETRY_SECONDS } from "../../policy.ts";

const PREFIX = "/functions/v1";
const OWN = new Set(["cmo-kernel", ...agentCatalog.map(({ name }) => name)]);
const METHODS = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"] as const;
/** A name and what follows it. Nothing that climbs out of the folder of functions. */
const PATH = /^\/([\w-]+)(?:\/(?!\.)[\w.~%!$&'()*+,;=:@-]+)*\/?(?:\?.*)?$/;
const CLIMBS = /%2e|%2f|%5c/i;

export function registerOtherFunctions(
  app: App,
  { functionsUpstreamUrl }: { readonly functionsUpstreamUrl: string | undefined },
): void {
  if (functionsUpstreamUrl === undefined) return;
  const { origin, pathname } = new URL(functionsUpstreamUrl);
  app.register((scope: App, _options, done) => {
    // The body is not ours to read or to limit.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, parsed) => parsed(null, payload));
    scope.register(replyFrom, {
      base: origin,
      undici: { headersTimeout: FUNCTION_TIMEOUT_MS, bodyTimeout: FUNCTION_TIMEOUT_MS },
    });
    scope.route({
      method: [...METHODS],
      url: `${PREFIX}/*`,
      schema: { hide: true },
      config: { isPassedOn: true },
      handler: (request, reply) => {
        const path = request.url.slice(PREFIX.length);
        const [, name] = PATH.exec(path) ?? [];
        if (name === undefined || CLIMBS.test(path.split("?", 1)[0] ?? "")) {
          throw new AppError("route_not_found", "No function can have this name.");
        }
        if (OWN.has(name)) return reply.callNotFound();
        return reply.from(`${pathname.replace(/\/$/, "")}${path}`, {
          rewriteRequestHeaders: (_request, headers) => ({
            ...headers,
            "x-forwarded-for": forwardedFor(request),
          }),
          onError: (_reply, { error }) => {
            const retryAfterSeconds = OUTAGE_RETRY_SECONDS;
            const problem = { cause: error, retryAfterSeconds };
            sendProblem(expectedError("upstream_unavailable", problem), request, reply);
          },
        });
      },
    });
    done();
  });
}

/** From the client to the one that called us, as far as we trust who said so. */
function forwardedFor({ ips, ip }: FastifyRequest): string {
  return (ips ?? [ip]).toReversed().join(", ");
}
