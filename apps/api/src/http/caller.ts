/** The authenticated user of a request, and what they may see under their own row-level security. */
import type { UserPipelines, UserRuns } from "@cmo/shared/db";
import type { FastifyRequest } from "fastify";
import type { App } from "./app-instance.ts";
import type { Authenticate, Identity } from "./authenticate.ts";

export interface Caller extends Omit<Identity, "token"> {
  readonly runs: UserRuns;
  readonly pipelines: UserPipelines;
}

export interface CallerSource {
  readonly authenticate: Authenticate;
  readonly runsOf: (token: string) => UserRuns;
  readonly pipelinesOf: (token: string) => UserPipelines;
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/** Every route of `scope` needs a user; the check comes before a body is read. */
export function requireCaller(
  scope: App,
  { authenticate, runsOf, pipelinesOf }: CallerSource,
): void {
  scope.decorateRequest("caller", null);
  scope.addHook("onRequest", async (request) => {
    const { token, ...identity } = await authenticate(request.raw.rawHeaders);
    request.caller = { ...identity, runs: runsOf(token), pipelines: pipelinesOf(token) };
  });
}

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error(`${request.routeOptions.url} is served without a caller`);
  return request.caller;
}
