/** The authenticated user of a request, with data access under their row-level security. */
import type {
  FindStreamLimits,
  UserMetrics,
  UserPipelines,
  UserRuns,
  UserUsage,
  UserWorkspaces,
} from "@cmo/shared/db";
import { expectedError } from "@cmo/shared/runtime";
import type { StreamTickets } from "@cmo/shared/stream";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { OUTAGE_RETRY_SECONDS } from "../policy.ts";
import type { App } from "./app-instance.ts";
import type { Authenticate, Identity } from "./authenticate.ts";

export interface Caller extends Omit<Identity, "token"> {
  readonly runs: UserRuns;
  readonly pipelines: UserPipelines;
  readonly workspaces: UserWorkspaces;
  readonly metrics: UserMetrics;
  readonly findStreamLimits: FindStreamLimits;
  readonly usage: UserUsage;
  /** A ticket with which this user opens one stream of a run without a header. */
  readonly issueTicket: (runId: string) => Promise<string>;
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

interface TicketSource {
  readonly tickets: Pick<StreamTickets, "issue" | "redeem">;
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** `?ticket=` stands for the token of the user to whom it was issued. */
    takesTicket?: boolean;
  }
}

/** Requires a user for every route of `scope`. The check runs before the body is read. */
export function requireCaller(scope: App, source: CallerSource & TicketSource): void {
  const { authenticate, runsOf, pipelinesOf, workspacesOf, metricsOf, usageOf } = source;
  scope.decorateRequest("caller", null);
  scope.addHook("onRequest", async (request) => {
    const { token, ...identity } = await authenticate(await headersOf(source, request));
    request.caller = {
      ...identity,
      runs: runsOf(token),
      pipelines: pipelinesOf(token),
      workspaces: workspacesOf(token),
      metrics: metricsOf(token),
      findStreamLimits: source.streamLimitsOf(token),
      usage: usageOf(token),
      issueTicket: (runId) => source.tickets.issue(runId, token).catch(toUnavailable),
    };
  });
}

/** The headers as they were sent, or those that a ticket stands for where the route takes one. */
async function headersOf(
  { tickets }: TicketSource,
  request: FastifyRequest,
): Promise<readonly string[]> {
  const { rawHeaders } = request.raw;
  const sent = ticketSchema.safeParse(request.query).data;
  if (sent === undefined || !request.routeOptions.config.takesTicket) return rawHeaders;
  const { id } = runParamSchema.parse(request.params);
  const token = await tickets.redeem(sent.ticket, id).catch(toUnavailable);
  if (token === null) throw expectedError("invalid_ticket");
  return ["authorization", `Bearer ${token}`];
}

function toUnavailable(cause: unknown): never {
  throw expectedError("queue_unavailable", { cause, retryAfterSeconds: OUTAGE_RETRY_SECONDS });
}

const ticketSchema = z.object({ ticket: z.string() });
const runParamSchema = z.object({ id: z.string() });

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error(`${request.routeOptions.url} does not require a caller`);
  return request.caller;
}
