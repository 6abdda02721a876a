/** The authenticated user of a request, with data access under their row-level security. */
import type {
  FindStreamLimits,
  UserMetrics,
  UserPipelines,
  UserRuns,
  UserUsage,
  UserWorkspaces,
} from "@cmo/shared/db";
import type { FastifyRequest } from "fastify";
import type { App } from "./app-instance.ts";
import type { Authenticate, Identity } from "./authenticate.ts";

export interface Caller extends Omit<Identity, "token"> {
  readonly runs: UserRuns;
  readonly pipelines: UserPipelines;
  readonly workspaces: UserWorkspaces;
  readonly metrics: UserMetrics;
  readonly findStreamLimits: FindStreamLimits;
  readonly usage: UserUsage;
}

export interface CallerSource {
  readonly authenticate: Authenticate;
  readonly runsOf: (token: string) => UserRuns;
  readonly pipelinesOf: (token: string) => UserPipelines;
  readonly workspacesOf: (token: string) => UserWorkspaces;
  readonly metricsOf: (token: string) => UserMetrics;
  readonly streamLimitsOf: (token: string) => FindStreamLimits;
  readonly usageOf: (token: string) => UserUsage;
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/** Requires a user for every route of `scope`. The check runs before the body is read. */
export function requireCaller(
  scope: App,
  {
    authenticate,
    runsOf,
    pipelinesOf,
    workspacesOf,
    metricsOf,
    usageOf,
    streamLimitsOf,
  }: CallerSource,
): void {
  scope.decorateRequest("caller", null);
  scope.addHook("onRequest", async (request) => {
    const { token, ...identity } = await authenticate(request.raw.rawHeaders);
    request.caller = {
      ...identity,
      runs: runsOf(token),
      pipelines: pipelinesOf(token),
      workspaces: workspacesOf(token),
      metrics: metricsOf(token),
      findStreamLimits: streamLimitsOf(token),
      usage: usageOf(token),
    };
  });
}

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error(`${request.routeOptions.url} does not require a caller`);
  return request.caller;
}
